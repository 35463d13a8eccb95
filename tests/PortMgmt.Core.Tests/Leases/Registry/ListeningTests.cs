using System.Net;
using System.Net.Sockets;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>Leases with their sockets, on this very system.</summary>
public sealed class ListeningTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private PortRegistry Registry => PortRegistry.Open(new PortRegistryOptions { Directory = _directory.Path });

    [Fact]
    public async Task AcquireListening_Connection_IsAcceptedByTheSocket()
    {
        using ListeningPort web = Registry.AcquireListening(new PortLeaseRequest { Name = "web" });

        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, web.Port, TestContext.Current.CancellationToken);
        using Socket accepted = await web.Socket.AcceptAsync(TestContext.Current.CancellationToken);

        Assert.Equal(web.Lease.Port, ((IPEndPoint)web.Socket.LocalEndPoint!).Port);
        Assert.Equal("web", web.Lease.Name);
        Assert.Equal(Environment.ProcessId, Assert.Single(Registry.GetLeases()).OwnerProcessId);
    }

    [Fact]
    public void Dispose_ClosesTheSocketAndEndsTheLease()
    {
        ListeningPort web = Registry.AcquireListening(new PortLeaseRequest { Name = "web" });
        web.Dispose();

        Assert.Empty(Registry.GetLeases());
        using var again = new TcpListener(IPAddress.Any, web.Port);
        again.Start();
    }

    [Fact]
    public void AcquireManyListening_Several_HaveASocketEach()
    {
        IReadOnlyList<ListeningPort> ports = Registry.AcquireManyListening(new PortLeaseRequest { Name = "web", Count = 4 }, IPAddress.Loopback);

        Assert.Equal(4, ports.Select(port => port.Port).Distinct().Count());
        Assert.All(ports, port => Assert.Equal(new IPEndPoint(IPAddress.Loopback, port.Port), port.Socket.LocalEndPoint));
        Assert.All(ports, port => port.Dispose());
        Assert.Empty(Registry.GetLeases());
    }

    [Fact]
    public void AcquireListening_Udp_IsBound()
    {
        using ListeningPort port = Registry.AcquireListening(new PortLeaseRequest { Protocol = PortProtocol.Udp });
        using var client = new UdpClient("127.0.0.1", port.Port);
        client.Send("hello"u8);

        Assert.Equal(5, port.Socket.Receive(new byte[16]));
    }

    [Fact]
    public void AcquireListening_PortByNumberThatIsInUse_SaysByWhomAndLeavesNothing()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => Registry.AcquireListening(new PortLeaseRequest { Port = port }));

        Assert.Equal((PortRegistryErrorCode.PortUnavailable, PortRefusal.Listening, port), (refusal.Code, refusal.Refusal, refusal.Port));
        Assert.Empty(Registry.GetLeases());
    }

    [Fact]
    public void AcquireListening_ReusedLease_ListensOnItsPort()
    {
        using PortLease lease = Registry.Acquire("web");
        using ListeningPort web = Registry.AcquireListening(new PortLeaseRequest { Name = "web", Reuse = true });

        Assert.Equal(lease.Port, web.Port);
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => Registry.AcquireListening(new PortLeaseRequest { Name = "web", Reuse = true }));
        Assert.Equal(PortRegistryErrorCode.PortUnavailable, refusal.Code);
        Assert.Equal(lease.Port, Assert.Single(Registry.GetLeases()).Port);
    }

    [Fact]
    public void AcquireListening_AnAddressOfIPv4WrittenAsOneOfIPv6_ListensOnIPv4()
    {
        using ListeningPort web = Registry.AcquireListening(new PortLeaseRequest { Name = "web" }, IPAddress.Parse("::ffff:127.0.0.1"));

        Assert.Equal(IPAddress.Loopback, Assert.IsType<IPEndPoint>(web.Socket.LocalEndPoint).Address);
    }

    [Fact]
    public void AcquireListening_WhatCannotBe_IsAnInvalidRequest()
    {
        AssertInvalid(new PortLeaseRequest { Protocol = PortProtocol.Both }, null, "A socket is for TCP or for UDP");
        AssertInvalid(new PortLeaseRequest { Port = 4711, Adopt = true }, null, "has its listener already");
        AssertInvalid(new PortLeaseRequest { Count = 2 }, null, "AcquireManyListening");
        AssertInvalid(new PortLeaseRequest(), IPAddress.Parse("192.0.2.7"), "it is no address of this machine");

        // An address of every interface's network, and so of none without the interface's name.
        AssertInvalid(new PortLeaseRequest(), IPAddress.Parse("fe80::1"), "Nobody can listen on fe80::1");
        Assert.Empty(Registry.GetLeases());
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private void AssertInvalid(PortLeaseRequest request, IPAddress? address, string message)
    {
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => Registry.AcquireListening(request, address));
        Assert.Equal(PortRegistryErrorCode.InvalidRequest, refusal.Code);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }
}
