"""The interface, driven by keys and mouse."""
