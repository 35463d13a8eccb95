using System.Net;
using PortMgmt.Heads;
using PortMgmt.Leases;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Heads;

public sealed class ListenerLeasesTests
{
    private const int Listening = 7;

    // A lease is written as its protocol, its owner and the minute in which it was made.
    [Theory]
    [InlineData("")]
    [InlineData("*Tcp 1 0")]
    [InlineData("Udp 7 0")]
    [InlineData("*Both 1 0")]
    [InlineData("Udp 7 0, *Both 1 0")]
    [InlineData("Tcp 1 0, *Tcp 7 0, Tcp 2 9")]
    [InlineData("*Both 7 0, Tcp 1 9")]
    [InlineData("Both 1 9, *Tcp 1 0")]
    [InlineData("*Tcp 1 0, Both - 9")]
    [InlineData("Tcp 1 0, *Tcp 2 1")]
    [InlineData("*Tcp - 2, Tcp - 1")]
    [InlineData("Both 7 1, *Tcp 7 0")]
    public void Find_SeveralLeases_IsTheOneMarked(string leases)
    {
        string[] texts = leases.Split(", ", StringSplitOptions.RemoveEmptyEntries);

        PortListener named = new ListenerLeases(texts.Select(Lease)).AddName(Listener(Listening));

        Assert.Equal(texts.FirstOrDefault(text => text[0] == '*'), named.LeaseName);
    }

    [Fact]
    public void Find_ListenerOfAnUnknownProcess_IsNotTakenForAnOwnerless() =>
        Assert.Equal("*Tcp 1 1", new ListenerLeases([Lease("Tcp - 0"), Lease("*Tcp 1 1")]).Find(Listener(null))!.Name);

    [Fact]
    public void Find_LeaseOfAnotherPort_IsNone() =>
        Assert.Null(new ListenerLeases([Lease("Tcp 7 0")]).Find(Listener(Listening) with { Port = 9000 }));

    private static PortListener Listener(int? process) => new() { Port = 8001, Protocol = PortProtocol.Tcp, Address = IPAddress.Loopback, Id = process };

    private static PortLease Lease(string text)
    {
        string[] parts = text.TrimStart('*').Split(' ');
        return new PortLease
        {
            Port = 8001,
            Protocol = Enum.Parse<PortProtocol>(parts[0]),
            Name = text,
            OwnerProcessId = parts[1] == "-" ? null : int.Parse(parts[1], null),
            CreatedAt = DateTimeOffset.UnixEpoch.AddMinutes(int.Parse(parts[2], null)),
        };
    }
}
