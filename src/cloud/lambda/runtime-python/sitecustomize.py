"""Loaded by Python itself before anything else, and by the Python programs that a handler starts.

It sends every connection meant for AWS, or for a custom domain that is here, to the cloud's door, and has TLS
trust the cloud's certificate. No such name is ever looked up. It is the counterpart of runtime/redirect.ts.
"""

import errno
import json
import os
import posixpath
import re
import socket
import ssl
import time

HERE = os.path.dirname(os.path.abspath(__file__))
AWS = re.compile(
    r"(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|on\.aws|aws\.amazon\.com"
    r"|api\.amazonwebservices\.com\.cn)\.?$",
    re.I,
)
# The label before the region is the service: sqs.us-east-1.amazonaws.com.
SERVICE = re.compile(r"(?:^|\.)([\w-]+)\.[a-z]{2,}-[a-z-]+-\d\.(?:amazonaws\.com(?:\.cn)?|api\.aws)\.?$", re.I)
CACHE = re.compile(r"\.cache\.amazonaws\.com\.?$", re.I)
LOOPBACK = re.compile(r"^(localhost|127\.\d+\.\d+\.\d+|(::ffff:)?127\..*|::1|0\.0\.0\.0)?$", re.I)
LINK_LOCAL = re.compile(r"^(::ffff:)?169\.254\.|^fd00:ec2::|^fe80:", re.I)
# The endpoint that a client of @connections makes up when it is given none: no such name exists.
NO_SUCH_NAME = re.compile(r"^execute-api\.[\w-]+\.amazonaws\.com\.?$", re.I)
# API Gateway's hosts take no plain HTTP.
TLS_ONLY = re.compile(r"\.execute-api\.[\w-]+\.amazonaws\.com\.?$", re.I)
HTTPS = 443
# How long a system tries to connect, in seconds.
CONNECTING = 127
HANGS = "hangs"
# Stands for a place where nobody answers. Nothing has this address.
NOWHERE = "240.0.0.1"


def read(name):
    with open(os.path.join(HERE, name + ".json"), encoding="utf8") as file:
        return json.load(file)


DOOR = read("door")
SELF = "{}:{}".format(
    os.environ.get("AWS_LAMBDA_FUNCTION_NAME"), os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
)


def is_ours(host):
    """Whether a host is one of AWS's, or of the customer's own here."""
    return bool(AWS.search(host)) or host.lower() in read("hosts")


def neighbour_at(outlook, host):
    hosts = (outlook or {}).get("hosts", {})
    found = hosts.get(host.lower())
    return found or next((one for one in hosts.values() if one.get("address") == host), None)


def turn_for(host, port):
    """The local port to which a connection goes instead, HANGS, or None where it goes where it was meant to."""
    if LOOPBACK.match(host):
        return None
    if TLS_ONLY.search(host) and port == 80:
        return HANGS
    outlook = read("outlooks").get(SELF)
    usual = DOOR["port"] if is_ours(host) else None
    neighbour = neighbour_at(outlook, host)
    local = neighbour["ports"].get(str(port)) if neighbour else None
    if local is not None:
        return local
    if neighbour or CACHE.search(host):
        return HANGS
    if not outlook:
        return usual
    service = SERVICE.search(host) if AWS.search(host) else None
    leads = outlook["services"].get(service.group(1).lower()) if service else None
    if leads == "closed" or (leads and port != HTTPS):
        return HANGS
    if leads == "shadowed":
        return DOOR.get("shadowPort", DOOR["port"])
    if leads == "open":
        return usual
    reachable = any(first <= port <= last for first, last in outlook["internet"])
    return usual if reachable else HANGS


real_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    name = host.decode("ascii") if isinstance(host, bytes) else host
    if isinstance(name, str):
        if NO_SUCH_NAME.match(name):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        turn = turn_for(name, int(port) if str(port or "0").isdigit() else HTTPS)
        if turn is not None:
            address = (NOWHERE, int(port or 0)) if turn == HANGS else ("127.0.0.1", turn)
            kind = type or socket.SOCK_STREAM
            return [(socket.AF_INET, kind, proto or socket.IPPROTO_TCP, "", address)]
    return real_getaddrinfo(host, port, family, type, proto, flags)


def led(sock, address):
    """Where a socket connects instead."""
    if sock.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
        return address
    host = str(address[0])
    if LINK_LOCAL.match(host):
        raise OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))
    turn = HANGS if host == NOWHERE else turn_for(host, address[1])
    if turn == HANGS:
        limit = sock.gettimeout()
        time.sleep(CONNECTING if limit is None else min(limit, CONNECTING))
        if limit is not None and limit < CONNECTING:
            raise socket.timeout("timed out")
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    return address if turn is None else ("127.0.0.1", turn)


real_connect = socket.socket.connect
real_connect_ex = socket.socket.connect_ex
socket.socket.connect = lambda sock, address: real_connect(sock, led(sock, address))
socket.socket.connect_ex = lambda sock, address: real_connect_ex(sock, led(sock, address))
socket.getaddrinfo = getaddrinfo


def trusting(method):
    def load(self, *given, **named):
        loaded = method(self, *given, **named)
        trust(self)
        return loaded

    return load


def trust(context):
    ssl_load(context, cadata=DOOR["authority"])
    # Python 3.13 asks more of an authority than a browser does.
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)


ssl_load = ssl.SSLContext.load_verify_locations
ssl.SSLContext.load_verify_locations = trusting(ssl_load)
ssl.SSLContext.load_default_certs = trusting(ssl.SSLContext.load_default_certs)

real_expanduser = os.path.expanduser


def expanduser(path):
    """Without HOME Python asks the system for the learner's own folder, and boto3 would read their ~/.aws/config."""
    if isinstance(path, str) and "HOME" not in os.environ and re.match(r"^~(/|$)", path):
        return "/home/sbx_user1051" + path[1:]
    return real_expanduser(path)


posixpath.expanduser = expanduser
os.path.expanduser = expanduser
