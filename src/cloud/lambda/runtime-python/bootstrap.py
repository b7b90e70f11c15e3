"""What runs in an instance's process in place of AWS's managed Python runtime."""

import decimal
import importlib
import json
import logging
import os
import sys
import time
import traceback

from channel import receive, send

try:
    import resource
except ImportError:
    # Windows does not tell what a process has used.
    resource = None

RUNTIME = os.path.dirname(os.path.abspath(__file__))
TASK = os.environ["LAMBDA_TASK_ROOT"]
NO_BREAK_SPACE = "\u00a0"
MAX_LINES = 10_000
MAX_BYTES = 8 * 1024 * 1024
UNHANDLED = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in "
    "rare cases, a Lambda runtime update can cause unexpected function behavior. For functions using managed "
    "runtimes, runtime updates can be triggered by a function change, or can be applied automatically. To "
    "determine if the runtime has been updated, check the runtime version in the INIT_START log entry. If this "
    "error correlates with a change in the runtime version, you may be able to mitigate this error by "
    "temporarily rolling back to the previous runtime version. For more information, see "
    "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r"
)


class Fault(Exception):
    """An error of the runtime's own, with the name by which Lambda knows it."""

    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind = "Runtime." + kind
        self.trace = trace


class Log:
    """What one invocation logs, an event each. A flood is cut off, counted, and said."""

    def __init__(self):
        self.begin(None)

    def begin(self, request_id):
        self.request_id = request_id
        self.lines = self.bytes = self.dropped = 0

    def write(self, text):
        if self.lines >= MAX_LINES or self.bytes >= MAX_BYTES:
            self.dropped += 1
            if self.dropped & (self.dropped - 1) == 0:
                send(("D", str(self.dropped)))
            return
        self.lines += 1
        self.bytes += len(text)
        send(("L", text))

    def left_out(self):
        return [("D", str(self.dropped))] if self.dropped else []


class Stream:
    """Standard output or error: each line of it is an event of the log, in its place among the others."""

    def __init__(self, stream):
        self._stream = stream
        self._rest = ""

    def write(self, text):
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            log.write(line)
        return len(text)

    def writelines(self, texts):
        for text in texts:
            self.write(text)

    def flush(self):
        """A line that is not complete waits for its end."""

    def end(self):
        if self._rest:
            log.write(self._rest)
        self._rest = ""

    def __getattr__(self, name):
        return getattr(self._stream, name)


class Handler(logging.Handler):
    def emit(self, record):
        log.write(self.format(record).rstrip("\n"))


def add_request_id(record):
    record.aws_request_id = log.request_id or ""
    return True


def set_up_logging():
    logging.Formatter.converter = time.gmtime
    handler = Handler()
    form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
    handler.setFormatter(logging.Formatter(form, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(add_request_id)
    logging.getLogger().addHandler(handler)


class Context:
    """The second parameter of a handler."""

    def __init__(self, work):
        self.aws_request_id = work["requestId"]
        self.invoked_function_arn = work["functionArn"]
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.identity = Attributes(cognito_identity_id=None, cognito_identity_pool_id=None)
        self.client_context = client_context(work.get("clientContext"))
        self._deadline = time.monotonic() + work["remaining"] / 1000

    def get_remaining_time_in_millis(self):
        return max(0, int((self._deadline - time.monotonic()) * 1000))

    def log(self, message):
        for text in str(message).splitlines():
            log.write(text)


class Attributes:
    def __init__(self, **members):
        self.__dict__.update(members)


def client_context(text):
    if text is None:
        return None
    given = json.loads(text)
    names = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]
    client = given.get("client")
    return Attributes(
        client=client and Attributes(**{name: client.get(name) for name in names}),
        custom=given.get("custom"),
        env=given.get("env"),
    )


def load_handler(name):
    module, dot, member = name.rpartition(".")
    if not dot:
        words = "not enough values to unpack (expected 2, got 1)"
        raise Fault("MalformedHandlerName", f"Bad handler '{name}': {words}")
    if module.split(".")[0] in sys.builtin_module_names:
        raise Fault("BuiltInModuleConflict", f"Cannot use built-in module {module} as a handler module")
    try:
        loaded = importlib.import_module(module.replace("/", "."))
    except ImportError as error:
        raise Fault("ImportModuleError", f"Unable to import module '{module}': {error}") from error
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault("UserCodeSyntaxError", f"Syntax error in module '{module}': {error}", trace) from error
    if not hasattr(loaded, member):
        raise Fault("HandlerNotFound", f"Handler '{member}' missing on module '{module}'")
    return getattr(loaded, member)


def described(error, request_id):
    """An error as Lambda reports it to the caller."""
    if isinstance(error, Fault):
        kind, trace = error.kind, error.trace or []
    else:
        frames = traceback.extract_tb(error.__traceback__)
        while frames and os.path.dirname(frames[0].filename) == RUNTIME:
            frames.pop(0)
        frames = [frame for frame in frames if "importlib" not in frame.filename]
        kind, trace = type(error).__name__, traceback.format_list(plain(frames))
    return {
        "errorMessage": str(error),
        "errorType": kind,
        "requestId": request_id or "",
        "stackTrace": trace,
    }


def plain(frames):
    """Without the marks under parts of a line that newer versions of Python draw."""
    return [(frame.filename, frame.lineno, frame.name, frame.line) for frame in frames]


def write_error(error):
    first = f"[ERROR] {error['errorType']}"
    if error["errorMessage"]:
        first += f": {error['errorMessage']}"
    lines = [first, "Traceback (most recent call last):"]
    for element in error["stackTrace"]:
        for line in element.splitlines():
            text = line.lstrip(" ")
            lines.append(NO_BREAK_SPACE * (len(line) - len(text)) + text)
    log.write("\n".join(lines))


def as_json(value):
    try:
        return json.dumps(value, default=number, ensure_ascii=False, allow_nan=False)
    except Exception as error:
        raise Fault("MarshalError", f"Unable to marshal response: {error}") from error


def number(value):
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def memory_used():
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if resource else 0
    # Kilobytes, but bytes on macOS.
    return ("M", str(used // 1024 if sys.platform == "darwin" else used))


def invoke(handler, work):
    log.begin(work["requestId"])
    os.environ["_X_AMZN_TRACE_ID"] = work["traceId"]
    try:
        frame = ("R", as_json(handler(json.loads(work["payload"]), Context(work))))
    except Exception as error:
        reported = described(error, work["requestId"])
        end_lines()
        write_error(reported)
        frame = ("E", json.dumps(reported))
    end_lines()
    send(*log.left_out(), memory_used(), frame)


def end_lines():
    sys.stdout.end()
    sys.stderr.end()


def main():
    sys.stdout, sys.stderr = Stream(sys.stdout), Stream(sys.stderr)
    # What AWS has in front: the function, then its layers.
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    layers = os.path.join(os.path.dirname(TASK), "opt", "python")
    rest = [path for path in sys.path if path != RUNTIME]
    sys.path[:] = [TASK, os.path.join(layers, "lib", version, "site-packages"), layers, *rest, RUNTIME]
    receive()
    set_up_logging()
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        reported = described(error, None)
        end_lines()
        logging.warning(UNHANDLED)
        write_error(reported)
        send(*log.left_out(), memory_used(), ("F", json.dumps({"phase": "init", **reported})))
        os._exit(1)
    end_lines()
    send(*log.left_out(), ("I", ""))
    while True:
        send(("S", ""))
        invoke(handler, receive())


log = Log()
main()
