"""Packs the golden cases of GSA-Nets for these tests: python3 pack.py ../golden-gsa .

A case CASE becomes CASE.pt.gz, the file of weights as it is, and CASE.json.gz: its configuration, images,
labels, logits, and the optimizer's steps. Gradients and values inside the networks are tests of tf-models.
"""

import gzip
import json
import os
import sys

KEPT = ("images", "labels", "logits", "loss", "parameters", "running", "logits_eval_after_one_training_forward",
        "adam", "sgd_momentum_warmup_cosine", "adam_multistep")

source, target = sys.argv[1:]
for case in sorted(os.listdir(source)):
    folder = os.path.join(source, case)
    if os.path.exists(os.path.join(folder, "golden.json")):
        packed = json.load(open(os.path.join(folder, "config.json")))
        golden = json.load(open(os.path.join(folder, "golden.json")))
        packed.update((key, golden[key]) for key in KEPT if key in golden)
        weights = open(os.path.join(folder, packed["weights"]), "rb").read()
        text = json.dumps(packed, separators=(",", ":")).encode()
        for name, content in ((".pt.gz", weights), (".json.gz", text)):
            with open(os.path.join(target, case + name), "wb") as file:
                file.write(gzip.compress(content, 9, mtime=0))
