"""`params.yaml` as typed, checked objects: the one home of every number of an experiment."""

from frugalseg.params.config_file import read_config
from frugalseg.params.load import load, parse
from frugalseg.params.plan import Arm, Plan
from frugalseg.params.resolve import plan
from frugalseg.params.schema import Params

__all__ = ["Arm", "Params", "Plan", "load", "parse", "plan", "read_config"]
