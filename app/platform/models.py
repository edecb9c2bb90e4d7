"""The base of all shapes: most are only described in OpenAPI, so what validates one is made when it is first used."""

import warnings

from pydantic import BaseModel, ConfigDict
from pydantic.warnings import UnsupportedFieldAttributeWarning

# FastAPI gives every parameter its name as an alias, and silences the remark that it has none where it makes the
# validator; that happens later here.
warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)


class Model(BaseModel):
    """A shape whose validator is made when it is first used, under a lock of Pydantic's own (docs/decisions/0014)."""

    model_config = ConfigDict(defer_build=True)
