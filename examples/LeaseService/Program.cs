using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PortMgmt.Leases;
using PortMgmt.Ports;

// A service that gets its own port, tells it nobody, and gives it back: answers its name to everybody who connects.
//
//     dotnet run --project examples/LeaseService -- shop/web
//     portmgmt lease list --name shop/web
string name = args is [string given, ..] ? given : "lease-service";

using var stopping = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    using ListeningPort service = PortRegistry.Open().AcquireListening(new PortLeaseRequest { Name = name }, IPAddress.Loopback);
    Console.WriteLine($"{service.Lease.Name} listens on {service.Port}.");
    while (true)
    {
        using Socket client = await service.Socket.AcceptAsync(stopping.Token);
        using var writer = new StreamWriter(new NetworkStream(client));
        await writer.WriteLineAsync(service.Lease.Name);
    }
}
catch (OperationCanceledException)
{
    Console.WriteLine("The port is given back.");
    return 0;
}
catch (PortRegistryException failure)
{
    Console.Error.WriteLine($"{failure.Code}: {failure.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.Cancel();
}
