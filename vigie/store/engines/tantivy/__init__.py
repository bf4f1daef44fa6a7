"""The directory on tantivy: builder and reader of the index of names."""

from vigie.store.engines.tantivy.build import TantivyBuilder
from vigie.store.engines.tantivy.directory import TantivyDirectory

__all__ = ["TantivyBuilder", "TantivyDirectory"]
