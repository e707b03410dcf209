"""tuspy, as it comes from PyPI, uploads in parts, breaks off, resumes, and reads back what it sent."""

import hashlib, json, os, tempfile, urllib.error, urllib.request
from tusclient import client
from tusclient.exceptions import TusCommunicationError

at = json.loads(os.environ["ROUNDS_TUS"])
auth = {"Authorization": "Bearer " + at["token"]}
tus = client.TusClient(at["url"] + "/v1/blobs", headers=auth)


def upload(content, checksum, sha256=None):
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        about = {"sha256": sha256 or hashlib.sha256(content).hexdigest(), "doc": at["doc"]}
        options = dict(file_path=file.name, chunk_size=3_000_000, upload_checksum=checksum)
        first = tus.uploader(metadata=about, **options)
        first.upload_chunk()
        again = tus.uploader(url=first.url, metadata=about, **options)
        assert again.offset == min(3_000_000, len(content)), again.offset
        again.upload()


def read(content, **headers):
    url = at["url"] + "/v1/blobs/" + hashlib.sha256(content).hexdigest()
    return urllib.request.urlopen(urllib.request.Request(url, headers={**auth, **headers})).read()


# Larger than two parts of S3.
big = os.urandom(20_000_000)
upload(big, checksum=False)
assert read(big) == big
assert read(big, Range="bytes=8388600-8388619") == big[8388600:8388620]
print("# pass 1")
small = os.urandom(4_000_000)
upload(small, checksum=True)
assert read(small) == small
print("# pass 1")
try:
    upload(b"not what it says", checksum=False, sha256="0" * 64)
    raise SystemExit("another content than announced was taken")
except TusCommunicationError as refused:
    assert refused.status_code == 422 and b"blob-hash-wrong" in refused.response_content, refused
print("# pass 1")
