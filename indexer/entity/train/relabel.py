"""Labels the sentences of a training set with a spaCy pipeline.

    python relabel.py MODEL IN.jsonl.gz... > labels.tsv

MODEL is the folder of an unpacked pipeline, such as en_core_web_md 3.8 (MIT).
Each line of the output is a sentence's id and, per name, first byte, length
and type, as PER, ORG, LOC or MISC. OntoNotes counts an article and a
possessive 's to a name and knows more types; both are mapped here to what the
other sets mark. The run is deterministic on one processor.
"""

import gzip
import json
import sys

import spacy

TYPES = {
    "PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC",
    "NORP": "MISC", "EVENT": "MISC", "PRODUCT": "MISC", "WORK_OF_ART": "MISC", "LAW": "MISC", "LANGUAGE": "MISC",
}


def names(doc):
    for e in doc.ents:
        typ = TYPES.get(e.label_)
        if typ is None:
            continue
        first, last = e.start, e.end
        if last - first > 1 and doc[first].lower_ in ("the", "a", "an"):
            first += 1
        if last - first > 1 and doc[last - 1].text in ("'s", "\u2019s", "'", "\u2019"):
            last -= 1
        span = doc[first:last]
        start = len(doc.text[: span.start_char].encode())
        yield start, len(span.text.encode()), typ


def main():
    nlp = spacy.load(sys.argv[1], exclude=["parser", "lemmatizer", "attribute_ruler", "tagger"])
    for path in sys.argv[2:]:
        with gzip.open(path, "rt", encoding="utf-8") as f:
            rows = [json.loads(line) for line in f]
        for row, doc in zip(rows, nlp.pipe((r["text"] for r in rows), batch_size=256)):
            print(row["id"], *(f"{s},{n},{t}" for s, n, t in names(doc)), sep="\t")


if __name__ == "__main__":
    main()
