using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Listeners;

/// <summary>Where the processes of one port are looked for: in the likely ones first, and in no other when these have all the sockets.</summary>
[Collection(SocketsAndPrograms.Name)]
public sealed partial class PortListenersLikelyTests : IDisposable
{
    private const int NoProcess = int.MaxValue;
    private readonly List<IDisposable> _opened = [];
    private readonly List<Process> _heirs = [];

    [Theory]
    [InlineData(PortProtocol.Tcp, "127.0.0.1")]
    [InlineData(PortProtocol.Tcp, "::")]
    [InlineData(PortProtocol.Udp, "127.0.0.1")]
    [InlineData(PortProtocol.Udp, "::1")]
    public void Find_SocketOfALikelyProcess_LooksIntoNoneThatIsNoRelative(PortProtocol protocol, string address)
    {
        Socket socket = Open(protocol, IPAddress.Parse(address));
        int port = socket.Port;
        int orphan = BequeathToOrphan(socket);
        int heir = Bequeath(socket);

        Assert.Equivalent(new[] { Environment.ProcessId, heir, orphan }, Ids(PortListeners.Find(port, protocol)), strict: true);
        Assert.Equivalent(new[] { Environment.ProcessId, heir }, Ids(PortListeners.Find(port, protocol, () => [Environment.ProcessId])), strict: true);

        socket.Dispose();
        Assert.Equal([heir], Ids(PortListeners.Find(port, protocol, () => [heir])));
        Assert.Equal([heir], Ids(PortListeners.Find(port, PortProtocol.Both, () => [NoProcess, heir])));
    }

    [Fact]
    public void Find_SocketThatALikelyProcessHasFromItsParent_GivesARowForThatAndForWhatElseItStarted()
    {
        Socket socket = Open(PortProtocol.Tcp, IPAddress.Loopback);
        int[] heirs = [Bequeath(socket), Bequeath(socket)];

        Assert.Equivalent(heirs.Append(Environment.ProcessId), Ids(PortListeners.Find(socket.Port, PortProtocol.Tcp, () => [heirs[0]])), strict: true);
    }

    [Fact]
    public void Find_SocketThatALikelyProcessSharesWithWhatItStarted_GivesARowForEach()
    {
        Socket socket = Open(PortProtocol.Tcp, IPAddress.Loopback);
        int[] heirs = [Bequeath(socket), Bequeath(socket)];

        Assert.Equal([.. heirs.Append(Environment.ProcessId).Order()], Ids(PortListeners.Find(socket.Port, PortProtocol.Tcp, () => [Environment.ProcessId])).Order());
    }

    [Fact]
    public void Find_SocketThatOnlyAChildOfALikelyProcessHas_GivesTheChild()
    {
        Socket socket = Open(PortProtocol.Tcp, IPAddress.Loopback);
        int port = socket.Port;
        int heir = Bequeath(socket);
        socket.Dispose();

        Assert.Equal([heir], Ids(PortListeners.Find(port, PortProtocol.Tcp, () => [Environment.ProcessId])));
    }

    [Fact]
    public void Find_ChildOfAnotherThreadOfALikelyProcess_IsFound()
    {
        Socket socket = Open(PortProtocol.Tcp, IPAddress.Loopback);
        int heir = 0;
        int own = 0;
        Thread starter = new(() =>
        {
            heir = Bequeath(socket);

            // The thread that started a process is its parent for the kernel, as long as it runs.
            own = Ids(PortListeners.Find(socket.Port, PortProtocol.Tcp, () => [Environment.ProcessId])).Count();
        });
        starter.Start();
        starter.Join();

        Assert.NotEqual(0, heir);
        Assert.Equal(2, own);
    }

    [Fact]
    public void Find_SocketInNoLikelyProcess_LooksIntoEveryOther()
    {
        Socket socket = Open(PortProtocol.Tcp, IPAddress.Loopback);
        using var ended = Process.Start("true");
        ended.WaitForExit();
        using var idle = ListeningChild.Listen([], "127.0.0.1");

        foreach (int unlikely in new[] { NoProcess, ended.Id, idle.Id })
        {
            Assert.Equal([Environment.ProcessId], Ids(PortListeners.Find(socket.Port, PortProtocol.Tcp, () => [unlikely])));
        }
    }

    [Fact]
    public void Find_OneOfSeveralSocketsInNoLikelyProcess_LooksIntoEveryOther()
    {
        Socket first = OpenSharedPort(0);
        Socket second = OpenSharedPort(first.Port);
        int port = first.Port;
        int heir = Bequeath(first);
        first.Dispose();

        Assert.Equivalent(new[] { Environment.ProcessId, heir }, Ids(PortListeners.Find(port, PortProtocol.Tcp, () => [heir])), strict: true);
        GC.KeepAlive(second);
    }

    [Fact]
    public void Find_SocketsWhoseDescriptorsAreInAnotherOrder_AreFoundInALikelyProcess()
    {
        List<Socket> sockets = [.. Enumerable.Range(0, 60).Select(_ => Open(PortProtocol.Tcp, IPAddress.Loopback))];
        int heir = Bequeath(sockets[0]);
        for (int i = 0; i < sockets.Count; i += 3)
        {
            sockets[i].Dispose();
            sockets[i] = Open(PortProtocol.Tcp, IPAddress.Loopback);
        }

        Assert.All(sockets, socket => Assert.Equal([Environment.ProcessId], Ids(PortListeners.Find(socket.Port, PortProtocol.Tcp, () => [Environment.ProcessId]))));
        Assert.DoesNotContain(heir, sockets.SelectMany(socket => Ids(PortListeners.Find(socket.Port, PortProtocol.Tcp, () => [heir]))));
    }

    [Fact]
    public void Find_LikelyProcessOfAnotherUser_IsToldToRoot()
    {
        Needs.RootAnd("setpriv");
        Needs.ReachableTests();
        using var child = ListeningChild.Listen(Launcher.AsUser(Launcher.Nobody), "127.0.0.1");

        Assert.Equal([child.Id], Ids(PortListeners.Find(child.Port, PortProtocol.Tcp, () => [child.Id])));
    }

    [Fact]
    public void Find_NothingListens_AsksForNoLikelyProcess()
    {
        int port = TestSockets.FreePort();

        Assert.Empty(PortListeners.Find(port, PortProtocol.Both, () => throw new InvalidOperationException("Nobody listens.")));
    }

    [Theory]
    [InlineData(PortProtocol.Tcp)]
    [InlineData(PortProtocol.Udp)]
    public void FindFirst_SharedSocket_IsThatOfTheLowestId(PortProtocol protocol)
    {
        Socket socket = Open(protocol, IPAddress.Loopback);
        int port = socket.Port;
        int[] heirs = [Bequeath(socket), Bequeath(socket)];

        PortHolder holder = PortHolders.FindFirst(port, protocol)!;
        Assert.Equal((SocketUse.Listening, Math.Min(heirs.Min(), Environment.ProcessId)), (holder.Use, holder.Socket.Id));
        Assert.NotEmpty(holder.Socket.Program!);

        socket.Dispose();
        Assert.Equal(heirs.Min(), PortHolders.FindFirst(port, protocol)!.Socket.Id);
    }

    [Fact]
    public void FindFirst_ListenerBesideItsConnections_IsTheListener()
    {
        Socket socket = Open(PortProtocol.Tcp, IPAddress.Loopback);
        using Socket client = TestSockets.Tcp();
        client.Connect(socket.LocalEndPoint!);
        using Socket accepted = socket.Accept();

        Assert.Equal(SocketUse.Listening, PortHolders.FindFirst(socket.Port, PortProtocol.Tcp)!.Use);
        Assert.Equal((SocketUse.Connected, Environment.ProcessId), (PortHolders.FindFirst(client.Port, PortProtocol.Tcp)!.Use, PortHolders.FindFirst(client.Port, PortProtocol.Tcp)!.Socket.Id));
        Assert.Null(PortHolders.FindFirst(TestSockets.FreePort(), PortProtocol.Both));
    }

    public PortListenersLikelyTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has to look for the processes of a socket.");

    public void Dispose()
    {
        _opened.ForEach(static one => one.Dispose());
        foreach (Process heir in _heirs)
        {
            heir.Kill();
            heir.WaitForExit();
            heir.Dispose();
        }
    }

    private static IEnumerable<int> Ids(IEnumerable<PortListener> rows) => rows.Select(static row => row.Id!.Value);

    private Socket Open(PortProtocol protocol, IPAddress address)
    {
        Assert.SkipUnless(address.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6, "This host does without IPv6.");
        Socket socket = protocol == PortProtocol.Udp ? TestSockets.BindUdp(address) : TestSockets.Listen(address, dualStack: true);
        _opened.Add(socket);
        return socket;
    }

    /// <summary>Listens on a port that others may listen on as well (SO_REUSEPORT).</summary>
    private Socket OpenSharedPort(int port)
    {
        const int SocketLevel = 1, ReusePort = 15;
        Socket socket = TestSockets.Tcp();
        _opened.Add(socket);
        socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen();
        return socket;
    }

    /// <summary>Starts a process that has the socket too, and no other of the test's.</summary>
    private int Bequeath(Socket socket)
    {
        _heirs.Add(StartWith(socket, new ProcessStartInfo("sleep", ["600"])));
        return _heirs[^1].Id;
    }

    /// <summary>The same, of which nobody can tell any more who started it.</summary>
    private int BequeathToOrphan(Socket socket)
    {
        using Process parent = StartWith(socket, new ProcessStartInfo("sh", ["-c", "sleep 600 >/dev/null 2>&1 & echo $!"]) { RedirectStandardOutput = true });
        _heirs.Add(Process.GetProcessById(int.Parse(parent.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture)));
        parent.WaitForExit();
        return _heirs[^1].Id;
    }

    private static Process StartWith(Socket socket, ProcessStartInfo start)
    {
        const int SetDescriptorFlags = 2, CloseOnExec = 1;
        Assert.Equal(0, ControlDescriptor((int)socket.Handle, SetDescriptorFlags, 0));
        try
        {
            return Process.Start(start)!;
        }
        finally
        {
            Assert.Equal(0, ControlDescriptor((int)socket.Handle, SetDescriptorFlags, CloseOnExec));
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlDescriptor(int descriptor, int command, int argument);
}
