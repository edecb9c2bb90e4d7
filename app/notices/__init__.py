"""The privacy notice (aydınlatma metni, KVKK m.10), written from the register."""
