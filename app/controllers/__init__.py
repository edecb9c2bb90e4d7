"""Controllers (veri sorumluları): who decides why and how data are processed."""
