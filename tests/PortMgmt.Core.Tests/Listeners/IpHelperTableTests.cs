using System.Buffers.Binary;
using System.Net;
using PortMgmt.Listeners;
using PortMgmt.Listeners.Windows;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Listeners;

/// <summary>Tables written out word by word as tcpmib.h and udpmib.h have them; ports and addresses are in network order.</summary>
public sealed class IpHelperTableTests
{
    private const uint Listen = 2;
    private const uint Junk = 0xCDCD0000;

    [Fact]
    public void Read_TcpRows_GivesPortAddressAndProcess() => Assert.Equal(
        [Row(PortProtocol.Tcp, 8080, "0.0.0.0", 4242), Row(PortProtocol.Tcp, 445, "127.0.0.1", 4)],
        Read(IpHelperRowLayout.Tcp, PortProtocol.Tcp, 0,
            [2, Listen, 0, Junk | 0x901F, 0, 0, 4242, Listen, 0x0100007F, 0xBD01, 0, 0, 4]));

    [Fact]
    public void Read_TcpV6Rows_GivesScopeOfLinkLocalAddress() => Assert.Equal(
        [Row(PortProtocol.Tcp, 8080, "::", 4242), Row(PortProtocol.Tcp, 8081, "fe80::1%7", 9)],
        Read(IpHelperRowLayout.TcpV6, PortProtocol.Tcp, 0,
            [2, 0, 0, 0, 0, 0, 0x901F, 0, 0, 0, 0, 0, 0, Listen, 4242, 0x80FE, 0, 0, 0x01000000, 7, 0x911F, 0, 0, 0, 0, 0, 0, Listen, 9]));

    [Fact]
    public void Read_UdpRowsOfOnePort_LeavesOutTheOthers() => Assert.Equal(
        [Row(PortProtocol.Udp, 53, "127.0.0.1", 77)],
        Read(IpHelperRowLayout.Udp, PortProtocol.Udp, 53, [2, 0, 0x901F, 76, 0x0100007F, 0x3500, 77]));

    [Fact]
    public void Read_UdpV6Rows_GivesPortAndProcess() => Assert.Equal(
        [Row(PortProtocol.Udp, 5353, "::1", 1500)],
        Read(IpHelperRowLayout.UdpV6, PortProtocol.Udp, 0, [1, 0, 0, 0, 0x01000000, 0, 0xE914, 1500]));

    [Fact]
    public void Read_RowOfNoProcess_HasNone() => Assert.Null(Assert.Single(
        Read(IpHelperRowLayout.Udp, PortProtocol.Udp, 53, [1, 0x0100007F, 0x3500, 0])).Id);

    [Fact]
    public void Read_EmptyTableWithRoomLeft_GivesNothing() =>
        Assert.Empty(Read(IpHelperRowLayout.Tcp, PortProtocol.Tcp, 0, [0, Listen, 0, 0x901F, 0, 0, 4242]));

    private static PortListener Row(PortProtocol protocol, int port, string address, int processId) =>
        new() { Protocol = protocol, Port = port, Address = IPAddress.Parse(address), Id = processId };

    private static List<PortListener> Read(IpHelperRowLayout layout, PortProtocol protocol, int port, uint[] words)
    {
        byte[] table = new byte[words.Length * sizeof(uint)];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(i * sizeof(uint)), words[i]);
        }

        List<PortListener> found = [];
        bool any = IpHelperTable.Read(table, layout, protocol, port, found);
        Assert.Equal(found.Count > 0, any);
        Assert.Equal(any, IpHelperTable.Read(table, layout, protocol, port, found: null));
        return found;
    }
}
