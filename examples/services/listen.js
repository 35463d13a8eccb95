// A server on the socket that it is handed:
//
//     portmgmt run --name web --listen -- node examples/services/listen.js
const http = require('node:http');

if (process.env.LISTEN_PID !== String(process.pid)) {
    console.error('No socket was handed to this process. Start it with: portmgmt run --listen -- node listen.js');
    process.exit(1);
}

http.createServer((request, response) => response.end(`process ${process.pid}\n`)).listen({ fd: 3 });
