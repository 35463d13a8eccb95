using System.Net;
using System.Net.Sockets;
using PortMgmt.Core.Tests.Listeners;
using PortMgmt.Core.Tests.Platform;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>Leases beside real sockets: busy ports, adoption, listeners that are not the owner's.</summary>
[Collection(SocketsAndPrograms.Name)]
public sealed class SocketTests : IDisposable
{
    private readonly RegistryFixture _host = new();

    public SocketTests() => _host.Platform.BindsForReal = true;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    public void Acquire_ExactPortBusyOnOneAddress_NamesTheListener(string address)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this host does without IPv6");
        using Socket socket = TestSockets.Listen(IPAddress.Parse(address));

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("web", socket.Port));

        Assert.Equal(PortRefusal.Listening, refusal.Refusal);
        Assert.Contains($"in use by process {Environment.ProcessId} (", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($" on {address}.", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void Acquire_OtherProtocolBusy_IsGranted()
    {
        // A port that nobody has on either: one of those for outgoing connections may be taken on TCP by chance.
        PortLease free = _host.Lease("free", protocol: PortProtocol.Both);
        int port = free.Port;
        free.Dispose();
        using Socket udp = TestSockets.BindUdp(IPAddress.Any, port);

        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("web", port, PortProtocol.Udp));
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("web", port, PortProtocol.Both));
        Assert.Equal(port, _host.Lease("web", port).Port);
    }

    [Fact]
    public void Acquire_ConnectionsLinger_IsGrantedByNumberAndNotUnasked()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "an exclusive bind passes over TIME_WAIT on Windows");
        int port = PortProbeTests.LeaveInTimeWait();

        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Registry.Acquire(new PortLeaseRequest { Range = new PortRange(port, port) }));
        Assert.Equal(port, _host.Lease("web", port).Port);
    }

    [Fact]
    public void Acquire_ConnectionsLingerBesideASocketBoundToAnotherPort_IsGrantedByNumber()
    {
        Assert.SkipUnless(ShowsBoundSockets, "Linux shows merely bound sockets from 6.8 on");
        using Socket other = TestSockets.Tcp();
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = PortProbeTests.LeaveInTimeWait();

        Assert.True(_host.Registry.Test(port).Available);
        Assert.Equal(port, _host.Lease("web", port).Port);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Acquire_ExactPortBoundButNotListening_NamesTheProcessAndTheWay(bool reuse)
    {
        Assert.SkipUnless(ShowsBoundSockets, "Linux shows merely bound sockets from 6.8 on");
        using Socket socket = TestSockets.Tcp();
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, reuse);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("web", socket.Port));

        Assert.Equal(PortRefusal.Bound, refusal.Refusal);
        Assert.Contains($"by process {Environment.ProcessId} (", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("has bound 127.0.0.1 and does not listen there yet", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((false, PortRefusal.Bound), Test(socket.Port));
        Assert.Equal(Environment.ProcessId, _host.Registry.Test(socket.Port).Listener!.Id);
    }

    [Fact]
    public void Acquire_ExactPortWithALivingConnection_IsRefusedUntilItIsClosed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems tell of listeners alone");
        Socket listener = TestSockets.Listen(IPAddress.Loopback);
        int port = listener.Port;
        using Socket client = TestSockets.Tcp();
        client.Connect(IPAddress.Loopback, port);
        Socket server = listener.Accept();
        listener.Dispose();

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("web", port));

        Assert.Equal(PortRefusal.Connected, refusal.Refusal);
        Assert.Contains($"by process {Environment.ProcessId} (", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"has a connection from 127.0.0.1 to {client.LocalEndPoint}", refusal.Message, StringComparison.Ordinal);
        server.Dispose();
        Assert.Equal(port, _host.Lease("web", port).Port);
    }

    [Fact]
    public void Acquire_ExactPortOfAConnectedUdpSocket_NamesTheProcessAndTheConnection()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems tell of listeners alone");
        using Socket socket = TestSockets.BindUdp(IPAddress.Loopback);
        socket.Connect(IPAddress.Loopback, 9);

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("web", socket.Port, PortProtocol.Udp));

        Assert.Equal(PortRefusal.Connected, refusal.Refusal);
        Assert.Contains($"by process {Environment.ProcessId} (", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_ClosedConnectionsOfAServerThatDidNotAllowReuse_SaysThatTheyAreClosed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems tell of listeners alone");
        int port = PortProbeTests.LeaveInTimeWait(reuse: false);

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("web", port));

        Assert.Equal(PortRefusal.Lingering, refusal.Refusal);
        Assert.Contains("closed less than a minute ago (TIME_WAIT)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_AdoptOwnListener_IsOwnedByThisProcess()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);

        PortLease lease = Adopt(socket.Port);

        Assert.Equal((socket.Port, Environment.ProcessId), (lease.Port, lease.OwnerProcessId));
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => Adopt(socket.Port));
    }

    [Fact]
    public void Acquire_AdoptAnotherProcesssListener_IsOwnedByThatOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the test process is started as on Linux");
        using var child = ListeningChild.Listen([], "127.0.0.1");
        _host.Platform.Start(child.Id, 99);

        PortLease lease = Adopt(child.Port);

        Assert.Equal(child.Id, lease.OwnerProcessId);
        _host.Platform.End(child.Id);
        Assert.Equal(child.Port, Assert.Single(_host.Registry.Sweep()).Port);
    }

    [Fact]
    public void Acquire_AdoptWhereNobodyListens_IsRefused()
    {
        int port = TestSockets.FreePort();

        Assert.Contains("no process listens", RegistryFixture.Refused(PortRegistryErrorCode.ListenerNotFound, () => Adopt(port)).Message, StringComparison.Ordinal);
        Assert.Empty(_host.Registry.GetLeases());
    }

    [Fact]
    public void Acquire_AdoptWhereTwoListen_TakesTheFirstMade()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "every address of 127.0.0.0/8 is this host's on Linux alone");
        using var child = ListeningChild.Listen([], "127.0.0.1");
        _host.Platform.Start(child.Id, 99);
        var other = IPAddress.Parse("127.0.0.77");
        using Socket second = TestSockets.Listen(other, child.Port);

        Assert.Equal(Math.Min(child.Id, Environment.ProcessId), Adopt(child.Port).OwnerProcessId);
    }

    [Fact]
    public void Acquire_AdoptNamingAProcessThatDoesNotListenThere_IsRefused()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);

        Assert.Contains("not the one named", RegistryFixture.Refused(
            PortRegistryErrorCode.ListenerNotFound,
            () => _host.Registry.Acquire(new PortLeaseRequest { Port = socket.Port, Adopt = true, Owner = PortLeaseOwner.Process(RegistryFixture.Owner) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_AdoptReservedForAnotherName_IsRefused()
    {
        using Socket socket = TestSockets.Listen(IPAddress.Loopback);
        _host.Registry.SetPolicy(new PortPolicy { Reservations = new Dictionary<string, int> { ["web"] = socket.Port } });

        Assert.Equal(PortRefusal.Reserved, RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => Adopt(socket.Port)).Refusal);
    }

    [Fact]
    public void GetLeases_WithListeners_MarksThoseOfOthersAlone()
    {
        using Socket own = TestSockets.Listen(IPAddress.Loopback);
        using Socket foreign = TestSockets.Listen(IPAddress.Loopback);
        _host.Platform.BindsForReal = false;
        _host.Lease("own", own.Port, owner: Environment.ProcessId);
        _host.Lease("foreign", foreign.Port);
        _host.Lease("silent", 20000);
        _host.Lease("udp", own.Port, PortProtocol.Udp);

        var seen = _host.Registry.GetLeases(new PortLeaseFilter { IncludeListener = true }).ToDictionary(lease => lease.Name);

        Assert.Equal((false, Environment.ProcessId), (seen["own"].ListenerMismatch, seen["own"].Listener!.Id));
        Assert.Equal((true, Environment.ProcessId), (seen["foreign"].ListenerMismatch, seen["foreign"].Listener!.Id));
        Assert.Equal((false, null), (seen["silent"].ListenerMismatch, seen["silent"].Listener));
        Assert.Equal((false, null), (seen["udp"].ListenerMismatch, seen["udp"].Listener));
        Assert.All(_host.Registry.GetLeases(), lease => Assert.Null(lease.ListenerMismatch));
    }

    [Fact]
    public void GetLeases_OneLeaseWithItsListener_IsToldAsAmongOthers()
    {
        using Socket own = TestSockets.Listen(IPAddress.Loopback);
        using Socket foreign = TestSockets.Listen(IPAddress.Loopback);
        _host.Platform.BindsForReal = false;
        _host.Lease("own", own.Port, owner: Environment.ProcessId);
        _host.Lease("foreign", foreign.Port);
        _host.Lease("silent", 20000);

        Assert.Equal((false, Environment.ProcessId), Seen(own.Port));
        Assert.Equal((true, Environment.ProcessId), Seen(foreign.Port));
        Assert.Equal((false, null), Seen(20000));

        (bool?, int?) Seen(int port)
        {
            PortLease lease = Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { Port = port, IncludeListener = true }));
            return (lease.ListenerMismatch, lease.Listener?.Id);
        }
    }

    [Fact]
    public void Test_PortOfEachKind_SaysWhatSpeaksAgainstIt()
    {
        using Socket busy = TestSockets.Listen(IPAddress.Loopback);
        _host.Registry.SetPolicy(new PortPolicy { Exclude = [new PortRange(20001, 20001)], Reservations = new Dictionary<string, int> { ["web"] = 20002 } });
        _host.Platform.BindsForReal = false;
        _host.Lease("api", 20003);
        _host.Lease("api", 20004).Dispose();
        _host.Platform.Bindings[(busy.Port, false)] = PortMgmt.Platform.PortBinding.Busy;

        Assert.Equal((true, PortRefusal.None), Test(20000));
        Assert.Equal((false, PortRefusal.Excluded), Test(20001));
        Assert.Equal((false, PortRefusal.Reserved), Test(20002));
        Assert.Equal((false, PortRefusal.Leased), Test(20003));
        Assert.Equal((true, PortRefusal.Quarantined), Test(20004));
        Assert.Equal((false, PortRefusal.Listening), Test(busy.Port));
        Assert.Equal((true, PortRefusal.None), Test(20003, PortProtocol.Udp));
        Assert.Equal((false, PortRefusal.Leased), Test(20003, PortProtocol.Both));
        Assert.Equal("api", _host.Registry.Test(20003).Lease!.Name);
        Assert.Null(_host.Registry.Test(20003).Lease!.Token);
        Assert.Equal(Environment.ProcessId, _host.Registry.Test(busy.Port).Listener!.Id);
        Assert.Equal("", _host.Registry.Test(20000).Message);
    }

    [Fact]
    public void Test_StaleLease_IsAvailableAndLeftWhereItIs()
    {
        _host.Platform.BindsForReal = false;
        _host.Lease("web", 20000);
        _host.Platform.End(RegistryFixture.Owner);

        Assert.Equal((true, PortRefusal.None), Test(20000));
        Assert.Equal(PortLeaseState.Stale, Assert.Single(_host.Registry.GetLeases()).State);
    }

    [Fact]
    public void WaitUntilFree_SocketInAnyWay_NamesItAndEndsWithIt()
    {
        Assert.SkipUnless(ShowsBoundSockets, "Linux shows merely bound sockets from 6.8 on");
        Socket socket = TestSockets.Tcp();
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = socket.Port;

        Assert.Contains($"by process {Environment.ProcessId} (", WaitUntilFree(port), StringComparison.Ordinal);
        socket.Dispose();
        Assert.Null(WaitUntilFree(port));
        Assert.Equal(port, _host.Lease("web", port).Port);
    }

    [Fact]
    public void WaitUntilFree_ClosedConnectionsAlone_IsFree() => Assert.Null(WaitUntilFree(PortProbeTests.LeaveInTimeWait()));

    [Fact]
    public void WaitUntilFree_LeaseOfAnother_NamesItAndEndsWithIt()
    {
        PortLease lease = _host.Lease("web");

        Assert.Contains($"is leased by process {RegistryFixture.Owner} as 'web'", WaitUntilFree(lease.Port), StringComparison.Ordinal);
        Assert.Null(WaitUntilFree(lease.Port, PortProtocol.Udp));
        _host.Platform.End(RegistryFixture.Owner);
        Assert.Null(WaitUntilFree(lease.Port));
    }

    [Fact]
    public void WaitUntilFree_LeaseOfThisProcessOrAnAncestor_DoesNotCount()
    {
        _host.Platform.Ancestors.Add(RegistryFixture.Owner);

        Assert.Null(WaitUntilFree(_host.Lease("own", owner: Environment.ProcessId).Port));
        Assert.Null(WaitUntilFree(_host.Lease("starter").Port));
    }

    [Fact]
    public void WaitUntilFree_RegistryInTrouble_WarnsOnceAndJudgesBySockets()
    {
        PortLease lease = _host.Lease("web");
        _host.Overwrite(0, 1, 2, 3);
        List<string> warnings = [];

        Assert.Null(_host.Registry.WaitUntilFree(lease.Port, PortProtocol.Tcp, TimeSpan.Zero, warnings.Add, CancellationToken.None));

        Assert.StartsWith("Whether the port is leased is not known: ", Assert.Single(warnings), StringComparison.Ordinal);
    }

    public void Dispose() => _host.Dispose();

    private string? WaitUntilFree(int port, PortProtocol protocol = PortProtocol.Tcp) =>
        _host.Registry.WaitUntilFree(port, protocol, TimeSpan.Zero, warning => Assert.Fail(warning), CancellationToken.None);

    private static bool ShowsBoundSockets => OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(6, 8);

    private PortLease Adopt(int port) => _host.Registry.Acquire(new PortLeaseRequest { Port = port, Adopt = true });

    private (bool Available, PortRefusal Reason) Test(int port, PortProtocol protocol = PortProtocol.Tcp)
    {
        PortAvailability seen = _host.Registry.Test(port, protocol);
        return (seen.Available, seen.Reason);
    }
}
