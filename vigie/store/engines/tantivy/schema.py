"""Fields of the index and how their words are cut; both sides, writing and reading, take them from here."""

from __future__ import annotations

import tantivy

FORMAT = 5  # to be raised when an index written before can no longer be read
LEXICON_FILE = f"lexicon-{FORMAT}.json"


def schema() -> tantivy.Schema:
    """Return the schema: words to search, exact terms to filter, numbers to sort, one stored record."""
    builder = tantivy.SchemaBuilder()
    for name, analyzer in (("name", "words"), ("called", "keys"), ("street", "words"), ("terms", "terms")):
        builder.add_text_field(name, tokenizer_name=analyzer, index_option="basic")
    builder.add_text_field("order", tokenizer_name="nothing", index_option="basic", fast=True)
    builder.add_text_field("record", tokenizer_name="nothing", index_option="basic", stored=True)
    builder.add_float_field("weight", fast=True)
    builder.add_unsigned_field("size", fast=True)
    builder.add_integer_field("created", fast=True)
    builder.add_float_field("lat", fast=True)
    builder.add_float_field("lon", fast=True)
    builder.add_unsigned_field("cell", indexed=True)
    return builder.build()


def analyzers() -> dict[str, tantivy.TextAnalyzer]:
    """Return how each kind of field is cut into words, and how a word is brought to its stem (« stems »).

    Stems are not indexed: a word typed is looked up together with the words of the index that share its stem.
    """

    def chain(tokenizer: tantivy.Tokenizer, *filters: tantivy.Filter) -> tantivy.TextAnalyzer:
        builder = tantivy.TextAnalyzerBuilder(tokenizer)
        for step in filters:
            builder = builder.filter(step)
        return builder.build()

    simple, low, fold = tantivy.Tokenizer.simple, tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold()
    return {
        "words": chain(simple(), low, fold),
        "stems": chain(simple(), low, fold, tantivy.Filter.stemmer("french")),
        "keys": chain(tantivy.Tokenizer.whitespace(), low, fold),
        "terms": chain(tantivy.Tokenizer.whitespace()),
        "nothing": chain(tantivy.Tokenizer.regex("^\x00$")),
    }


def register(index: tantivy.Index) -> None:
    """Make the analyzers known to an index that was created or opened.

    The name to sort by is not searched (« nothing ») but kept whole, folded, in a column.
    """
    for name in ("words", "keys", "terms", "nothing"):
        index.register_tokenizer(name, analyzers()[name])
    whole = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    whole = whole.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    index.register_fast_field_tokenizer("nothing", whole.build())
