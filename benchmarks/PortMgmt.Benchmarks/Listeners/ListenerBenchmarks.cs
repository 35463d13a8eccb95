using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using PortMgmt.Listeners;
using PortMgmt.Ports;

namespace PortMgmt.Benchmarks.Listeners;

/// <summary>
/// Who listens, beside the base class library and ss (from iproute2; its time is that of a whole process, as a script pays it).
/// With 10,000 listeners the limit of open files must allow as many.
/// </summary>
[MemoryDiagnoser]
public class ListenerBenchmarks
{
    private readonly List<Socket> _sockets = [];
    private int _busyPort;
    private int _freePort;

    [Params(0, 1_000, 10_000)]
    public int Listeners { get; set; }

    [GlobalSetup]
    public void Open()
    {
        // One to ask for, and one whose port is free afterwards, are there in any case.
        for (int i = 0; i < Listeners + 2; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            socket.Listen();
            _sockets.Add(socket);
        }

        _busyPort = ((IPEndPoint)_sockets[Listeners / 2].LocalEndPoint!).Port;
        _freePort = ((IPEndPoint)_sockets[^1].LocalEndPoint!).Port;
        _sockets[^1].Dispose();
    }

    [GlobalCleanup]
    public void Close() => _sockets.ForEach(socket => socket.Dispose());

    [Benchmark]
    public bool IsListeningBusy() => PortListeners.IsListening(_busyPort);

    [Benchmark]
    public bool IsListeningFree() => PortListeners.IsListening(_freePort);

    [Benchmark]
    public IReadOnlyList<PortListener> FindPort() => PortListeners.Find(_busyPort, PortProtocol.Tcp);

    [Benchmark]
    public IReadOnlyList<PortListener> FindAll() => PortListeners.Find(protocol: PortProtocol.Tcp);

    /// <summary>Without processes: the base class library does not tell them.</summary>
    [Benchmark]
    public IPEndPoint[] BaseClassLibrary() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();

    [Benchmark(Baseline = true)]
    public int Ss()
    {
        using Process process = Process.Start(new ProcessStartInfo("ss", ["-ltnp"]) { RedirectStandardOutput = true })!;
        int length = process.StandardOutput.ReadToEnd().Length;
        process.WaitForExit();
        return length;
    }
}
