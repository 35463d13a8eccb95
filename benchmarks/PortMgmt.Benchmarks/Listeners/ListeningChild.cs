using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PortMgmt.Benchmarks.Listeners;

/// <summary>A process of its own that listens on so many ports, until its input ends.</summary>
internal sealed class ListeningChild : IDisposable
{
    /// <summary>The mode in which this program is one.</summary>
    public const string Mode = "listen";

    private readonly Process _process;

    public ListeningChild(int count)
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Mode, count.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Ports = [.. _process.StandardOutput.ReadLine()!.Split(' ').Select(static port => int.Parse(port, CultureInfo.InvariantCulture))];
    }

    public int Id => _process.Id;

    /// <summary>Its ports, in the order of its descriptors.</summary>
    public int[] Ports { get; }

    /// <summary>Listens.</summary>
    /// <param name="args">On how many ports.</param>
    public static int Run(string[] args)
    {
        List<Socket> sockets = [];
        for (int i = int.Parse(args[0], CultureInfo.InvariantCulture); i > 0; i--)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            socket.Listen();
            sockets.Add(socket);
        }

        Console.WriteLine(string.Join(' ', sockets.Select(static socket => ((IPEndPoint)socket.LocalEndPoint!).Port)));
        Console.In.ReadToEnd();
        GC.KeepAlive(sockets);
        return 0;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
