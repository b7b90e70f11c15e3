"""Makes rest-operations.json anew from botocore (Apache-2.0), which the kit does not depend on:

python3 src/cloud/door/extract-rest-operations.py
"""

import json
import pathlib

import botocore
import botocore.session

# The services of REST protocols that are here, and those that often stand beside a WebSocket API.
SERVICES = ["lambda", "apigateway", "apigatewayv2", "s3", "route53", "cloudfront", "sesv2"]
SERVICES += ["scheduler", "pipes", "xray", "appsync", "iot-data"]

session = botocore.session.get_session()
routes = {}
for service in SERVICES:
    model = session.get_service_model(service)
    of_service = routes.setdefault(model.signing_name, {})
    for name in model.operation_names:
        http = model.operation_model(name).http
        of_service[f"{http['method']} {http['requestUri']}"] = name

found = {"source": f"botocore {botocore.__version__}, Apache-2.0", "routes": routes}
path = pathlib.Path(__file__).with_name("rest-operations.json")
path.write_text(json.dumps(found, indent=2) + "\n")
