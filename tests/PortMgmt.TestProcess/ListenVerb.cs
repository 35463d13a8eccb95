using System.Net;
using System.Net.Sockets;

namespace PortMgmt.TestProcess;

/// <summary><c>listen ADDRESS [PROGRAM]</c>: listens on a TCP port that the system chooses, prints it, and ends with its input.</summary>
internal static class ListenVerb
{
    public static int Run(string[] args)
    {
        if (args is not [string address, .. string[] rest])
        {
            Console.Error.WriteLine("usage: testprocess listen ADDRESS [PROGRAM]");
            return 2;
        }

        if (rest is [string program])
        {
            File.WriteAllText("/proc/self/comm", program);
        }

        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        socket.Listen();
        Console.WriteLine(((IPEndPoint)socket.LocalEndPoint!).Port);
        Console.In.ReadToEnd();
        return 0;
    }
}
