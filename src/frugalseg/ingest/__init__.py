"""From an archive to a prepared stack: fetching, unpacking, decoding, masks, tiles, duplicates."""
