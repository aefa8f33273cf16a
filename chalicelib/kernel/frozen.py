"""Records of the kernel are made as those of the shared formats are."""

from slipway_formats.frozen import frozen as frozen
