"""Makes cases/ from the golden cases of GSA-Nets: python3 convert.py ../golden-gsa cases

A case CASE becomes CASE.json (configuration, logits, loss, gradients' sums, values after layers; names
and shapes of the arrays) and CASE.f32 (the arrays one after the other, little-endian float32: images,
weights, and the gradients that the golden case has in full). Weights carry this project's names and
shapes: kernels [in, out], heads before features, convolutions [height, width, in, out]. Needs numpy.
"""

import collections
import json
import os
import pickle
import sys
import zipfile

import numpy as np

LEFT_OUT = {"pcam-full-size"}  # a megabyte for what pcam-like shows


class Unpickler(pickle.Unpickler):
    def __init__(self, archive, root):
        super().__init__(archive.open(root + "data.pkl"))
        self.archive, self.root = archive, root

    def find_class(self, module, name):
        if name == "OrderedDict":
            return collections.OrderedDict
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, size, stride, *_: np.lib.stride_tricks.as_strided(
                storage[offset:], size, [s * storage.itemsize for s in stride])
        if name.endswith("Storage"):
            return name
        raise ValueError("unexpected " + module + "." + name)

    def persistent_load(self, key):
        kind = {"FloatStorage": "<f4", "LongStorage": "<i8", "DoubleStorage": "<f8"}[key[1]]
        return np.frombuffer(self.archive.read(self.root + "data/" + key[2]), kind)


def checkpoint(path):
    with zipfile.ZipFile(path) as archive:
        root = next(n for n in archive.namelist() if n.endswith("data.pkl"))[: -len("data.pkl")]
        return {k.removeprefix("module."): v for k, v in Unpickler(archive, root).load().items()}


def prefixes(config, architecture):
    """The authors' module names and ours, longest first."""
    if config["model"] == "z2cnn":
        pairs = [("sequential.%d" % (4 * i), "convolutions/%d" % i) for i in range(7)]
        return pairs + [("sequential.%d" % (4 * i + 1), "norms/%d" % i) for i in range(6)]
    pairs = [("lifting_self_attention", "lifting"), ("lifting_normalization", "lifting/norm")]
    layer, sizes = 0, architecture["block_sizes"]
    for stage, blocks in enumerate(sizes):
        for block in range(blocks):
            name = "stages/%d/blocks/%d" % (stage, block)
            theirs = "transformer.%d" % layer
            pairs.append((theirs, name))
            pairs.append((theirs + ".attention.0", name + "/input_norm"))
            pairs.append((theirs + ".attention.2", name + "/attention"))
            pairs.append((theirs + ".attention.3", name + "/attention_norm"))
            pairs.append((theirs + ".mlp.0", name + "/mlp/input"))
            pairs.append((theirs + ".mlp.1", name + "/mlp/hidden_norm"))
            pairs.append((theirs + ".mlp.3", name + "/mlp/output"))
            pairs.append((theirs + ".mlp.4", name + "/mlp/output_norm"))
            pairs.append((theirs + ".shortcut.0", name + "/shortcut"))
            layer += 1
            if architecture["normalize_between_layers"]:
                pairs.append(("transformer.%d" % layer, name + "/norm"))
                layer += 2
        if stage + 1 < len(sizes) or architecture["maxpool_after_last_block"]:
            layer += 1
    pairs.append(("transformer.%d" % layer, "output"))
    return sorted(pairs, key=lambda pair: -len(pair[0]))


POSITIONS = {
    "row_embedding": "rows", "col_embedding": "columns", "0": "input", "1.layer_norm": "norm", "3": "output"
}


def our_name(name, pairs):
    module, leaf = name.rsplit(".", 1)
    if leaf in ("running_mean", "running_var"):
        leaf = {"running_mean": "mean", "running_var": "variance"}[leaf]
    if module.endswith("group_embedding"):
        module, leaf = module.removesuffix(".group_embedding"), "group_embedding"
    theirs, ours = next(p for p in pairs if module == p[0] or module.startswith(p[0] + "."))
    rest = module[len(theirs) + 1 :].removesuffix("layer_norm").removesuffix(".") \
        if "embedding" not in module else module[len(theirs) + 1 :]
    norm = module.endswith("layer_norm") or ours.split("/")[-1].endswith("norm") or ours.startswith("norms/")
    if rest.split(".")[0] in ("row_embedding", "col_embedding"):
        axis, part = rest.split(".", 1)
        rest = POSITIONS[axis] + "/" + POSITIONS[part]
    rest = {"wout": "output"}.get(rest, rest)
    leaf = {"weight": "scale" if norm else "kernel", "bias": "offset" if norm else "bias"}.get(leaf, leaf)
    return "/".join(part for part in (ours, rest, leaf) if part)


def our_form(name, values, heads):
    """From [out, in, ...] to [in, out]; from channels with heads innermost to heads outermost."""
    if name.startswith("convolutions/"):
        return values.transpose(2, 3, 1, 0)
    if name.endswith("/kernel"):
        values = values.reshape(values.shape[:2])
        if name.split("/")[-2] in ("query", "key", "value"):
            values = heads_first(values, 0, heads)
        if name.endswith(("attention/output/kernel", "lifting/output/kernel")):
            values = heads_first(values, 1, heads)
        return values.T
    if name.endswith(("query/bias", "key/bias", "value/bias")):
        return heads_first(values, 0, heads)
    return values


def heads_first(values, axis, heads):
    shape = values.shape
    split = values.reshape(shape[:axis] + (shape[axis] // heads, heads) + shape[axis + 1 :])
    return split.swapaxes(axis, axis + 1).reshape(shape)


def convert(folder, target):
    case = json.load(open(folder + "/config.json"))
    golden = json.load(open(folder + "/golden.json"))
    config, architecture = case["config"], case["architecture"]
    pairs, heads = prefixes(config, architecture), architecture.get("num_heads")
    arrays = [("images", np.array(golden["images"]))]
    shapes = {}
    for theirs, values in checkpoint(folder + "/" + case["weights"]).items():
        buffer = theirs.rsplit(".", 1)[-1]
        if buffer.startswith("_") or buffer.endswith("_indices") or buffer == "num_batches_tracked" or ".group." in theirs:
            continue
        name = our_name(theirs, pairs)
        shapes[name] = values.shape
        arrays.append((name, our_form(name, values, heads)))
    summaries = {}
    for theirs, gradient in golden["gradients"].items():
        name = our_name(theirs, pairs)
        if isinstance(gradient, dict):
            places = our_form(name, np.arange(np.prod(gradient["shape"])).reshape(gradient["shape"]), heads)
            order = np.argsort(places, axis=None)[: len(gradient["first"])]
            summaries[name] = {
                "l2": gradient["l2"], "sum": gradient["sum"],
                "at": order.tolist(), "values": gradient["first"]}
        else:
            arrays.append(("gradient of " + name, our_form(name, np.array(gradient), heads)))
    ours = dict((theirs, mine) for theirs, mine in pairs)
    out = {
        "config": config,
        "architecture": architecture,
        "arrays": {name: list(values.shape) for name, values in arrays},
        "gradient_summaries": summaries,
        "intermediate": {ours[k]: v for k, v in golden.get("intermediate", {}).items() if k in ours},
        "running": {our_name(k, pairs): v for k, v in golden.get("running", {}).items() if "num_batches" not in k},
    }
    for field in ("labels", "logits", "loss", "parameters", "logits_rot90", "logits_flip", "gradient_norm",
                  "logits_eval_after_one_training_forward"):
        if field in golden:
            out[field] = golden[field]
    name = os.path.basename(folder)
    with open(target + "/" + name + ".json", "w") as file:
        json.dump(out, file, separators=(",", ":"))
        file.write("\n")
    with open(target + "/" + name + ".f32", "wb") as file:
        for _, values in arrays:
            file.write(np.ascontiguousarray(values, dtype="<f4").tobytes())


if __name__ == "__main__":
    source, target = sys.argv[1:]
    for case in sorted(os.listdir(source)):
        if os.path.exists(os.path.join(source, case, "golden.json")) and case not in LEFT_OUT:
            convert(os.path.join(source, case), target)
