"""Servers on this machine that a study can be pushed to: one for ssh, one that speaks S3."""

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from faults import wait_for
from moto.server import ThreadedMotoServer

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
HOST = "127.0.0.1"
SETTINGS = f"""\
ListenAddress {HOST}
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
PidFile none
StrictModes no
Subsystem sftp internal-sftp
"""
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "anybody",
    "AWS_SECRET_ACCESS_KEY": "anything",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@contextmanager
def ssh_server(home: Path) -> Iterator[str]:
    """Run sshd on a free port for keys made for it; yield the address of a folder behind it.

    Args:
        home: the folder that gets the keys, and that has to be the client's home.
    """
    keys, store, port = home / ".ssh", home / "store", _free_port()
    keys.mkdir(parents=True)
    store.mkdir()
    for name in ("id_ed25519", "host"):
        make = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(keys / name))
        subprocess.run(make, check=True)
    shutil.copy(keys / "id_ed25519.pub", keys / "authorized_keys")
    (keys / "sshd_config").write_text(
        f"{SETTINGS}Port {port}\nHostKey {keys}/host\nAuthorizedKeysFile {keys}/authorized_keys\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where root's sshd locks its unprivileged part
    with subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(keys / "sshd_config")]) as server:
        try:
            wait_for(lambda: _listens(port), 20)
            yield f"ssh://{getpass.getuser()}@{HOST}:{port}{store}"
        finally:
            server.terminate()


@contextmanager
def s3_server(bucket: str) -> Iterator[str]:
    """Run moto's server on a free port, with one empty bucket; yield its address."""
    server = ThreadedMotoServer(ip_address=HOST, port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        requests.put(f"{address}/{bucket}", timeout=20).raise_for_status()
        yield address
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
