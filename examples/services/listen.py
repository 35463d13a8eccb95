#!/usr/bin/env python3
# A server on the socket that it is handed:
#
#     portmgmt run --name web --listen -- python3 examples/services/listen.py
import http.server
import os
import socket
import sys

if os.environ.get("LISTEN_PID") != str(os.getpid()):
    sys.exit("No socket was handed to this process. Start it with: portmgmt run --listen -- python3 listen.py")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"process {os.getpid()}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


handed = socket.socket(fileno=3)
server = http.server.ThreadingHTTPServer(handed.getsockname()[:2], Handler, bind_and_activate=False)
server.socket.close()
server.socket = handed
server.serve_forever()
