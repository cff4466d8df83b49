"""What a file's name alone says: binary, generated, minified, a lock file."""

from __future__ import annotations

import re
from functools import lru_cache

from whykeeper_indexers.types import ExclusionReason

__all__ = ["excluded_by_name"]

_BINARY = frozenset(
    re.findall(
        r"\S+",
        """
        png jpg jpeg gif bmp ico icns webp avif heic heif tif tiff psd ai xcf sketch fig cr2 nef dng mp3
        wav ogg flac aac m4a opus aiff mid mp4 m4v mov avi mkv webm wmv flv mpg mpeg 3gp zip gz tgz bz2
        tbz xz txz zst lz lz4 lzma 7z rar tar jar war ear whl egg apk aab ipa dmg iso img deb rpm msi
        cab pkg snap nupkg vsix crx xpi exe dll so dylib a lib o obj ko pdb class pyc pyo pyd wasm node
        bin elf ttf otf woff woff2 eot pdf doc docx xls xlsx ppt pptx odt ods odp pages numbers epub
        mobi db sqlite sqlite3 db3 mdb accdb realm parquet arrow feather avro orc rdb npy npz pkl pickle
        joblib h5 hdf5 mat onnx pt pth ckpt safetensors gguf tflite weights glb gltf fbx blend stl dae
        3ds usdz p12 pfx jks keystore der cer crt kdbx gpg pgp swf dcm rdata rds gmo pack
        """,
    )
)
_PICTURES_AS_TEXT = frozenset({"svg", "eps", "ps", "drawio", "excalidraw"})
_LOCK_NAMES = frozenset(
    re.findall(
        r"\S+",
        """
        package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock
        poetry.lock uv.lock pdm.lock pipfile.lock pixi.lock conda-lock.yml pylock.toml cargo.lock
        composer.lock gemfile.lock podfile.lock cartfile.resolved package.resolved go.sum go.work.sum
        mix.lock rebar.lock pubspec.lock flake.lock gradle.lockfile packages.lock.json paket.lock
        project.assets.json .terraform.lock.hcl module.bazel.lock cabal.project.freeze stack.yaml.lock
        shard.lock elm-stuff.json chart.lock buf.lock
        """,
    )
)
_MINIFIED = re.compile(
    r"[.-]min\.(?:js|mjs|cjs|css|html)$|\.(?:js|mjs|cjs|css|ts)\.map$|\.bundle\.js$|\.chunk\.(?:js|css)$"
)
_GENERATED = re.compile(
    r"""
      \.pb\.(?:go|cc|h|gw\.go|validate\.go)$ | _grpc\.pb\.go$ | \.pb\.swift$ | _pb2(?:_grpc)?\.pyi?$
    | _pb\.(?:js|d\.ts|ts|rb)$ | \.pb\.dart$ | \.pbjson\.dart$ | \.pbenum\.dart$
    | \.(?:g|freezed|gr|config\.g)\.dart$ | \.designer\.(?:cs|vb)$ | \.g(?:\.i)?\.cs$ | \.generated\.[a-z]+$
    | (?:^|/)zz_generated[^/]*\.go$ | _string\.gen\.go$ | \.gen\.(?:go|ts|tsx|js|rs|py)$ | (?:^|/)bindata\.go$
    | (?:^|/)wire_gen\.go$ | (?:^|/)gradlew(?:\.bat)?$ | (?:^|/)mvnw(?:\.cmd)?$
    | (?:^|/)__snapshots__/ | \.(?:js|jsx|ts|tsx|mjs)\.snap$ | \.ambr$
    | \.xcodeproj/project\.pbxproj$
    | (?:^|/)\.pnp\.(?:cjs|loader\.mjs)$ | (?:^|/)\.yarn/(?:releases|cache|plugins)/
    """,
    re.VERBOSE,
)


@lru_cache(100_000)
def excluded_by_name(path: str) -> tuple[ExclusionReason, str] | None:
    """The reason a name gives for leaving a file out, with its detail; None when there is none.

    Args:
        path: Relative to the root.
    """
    lowered = path.lower()
    name = lowered[lowered.rfind("/") + 1 :]
    extension = name[name.rfind(".") + 1 :] if "." in name[1:] else ""
    if extension in _BINARY:
        return ExclusionReason.BINARY, f".{extension}"
    if name in _LOCK_NAMES:
        return ExclusionReason.LOCK_FILE, ""
    if extension in _PICTURES_AS_TEXT:
        return ExclusionReason.UNSUPPORTED, f".{extension} is a picture"
    if _MINIFIED.search(name):
        return ExclusionReason.MINIFIED, "by its name"
    if _GENERATED.search(lowered):
        return ExclusionReason.GENERATED, "by its name"
    return None
