from .dataset import write_shard as write_shard
from .engines import map_shards as map_shards
from .job import ScenarioJob as ScenarioJob
from .manifest import Manifest as Manifest
from .manifest import Part as Part
from .shards import Shard as Shard
from .tables import shard_table as shard_table
from .verification import verify as verify
