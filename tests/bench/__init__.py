"""The measurements measure what they say: equal content, equal answers, gates that judge as written."""
