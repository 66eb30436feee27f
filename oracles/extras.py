"""botocore's extras of a model, `*.sdk-extras.json`."""


def merge(base, more):
    """As botocore merges its extras over a model."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merge(base[key], value)
        else:
            base[key] = value
