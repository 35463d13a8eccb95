using System.Text;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Tests.Support;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

/// <summary>Frames come in pieces of any size, and go on as they are but for headers.</summary>
public sealed class FrameFilterTests
{
    private static readonly byte[] Good = WireTable.Entry("good", WireTable.Int64(1));
    private static readonly byte[] Method = WireTable.Frame(1, Encoding.ASCII.GetBytes("deliver"));
    private static readonly byte[] Heartbeat = WireTable.Frame(8, []);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(7, 1000)]
    [InlineData(1000, 1)]
    [InlineData(70_000, 70_000)]
    public void Read_PiecesOfAnySize_AreTheFramesInTheirOrder(int piece, int room)
    {
        byte[] large = WireTable.Frame(3, new byte[150_000]);
        byte[] bad = WireTable.Entry("bad", WireTable.Nested(20_000));
        byte[] came =
        [
            .. Heartbeat, .. Method, .. WireTable.Frame(2, WireTable.Payload([.. bad, .. Good])), .. large,
            .. Method, .. WireTable.Frame(2, WireTable.Payload(Good)), .. Method, .. WireTable.Frame(2, WireTable.Payload(bad)), .. Heartbeat,
        ];
        byte[] wanted =
        [
            .. Heartbeat, .. Method, .. WireTable.Frame(2, WireTable.Payload(Good)), .. large,
            .. Method, .. WireTable.Frame(2, WireTable.Payload(Good)), .. Method, .. WireTable.Frame(2, WireTable.Payload([])), .. Heartbeat,
        ];
        Assert.Equal(wanted, Pass(came, piece, room));
    }

    /// <summary>A broker that speaks another version of the protocol says so without a frame.</summary>
    [Fact]
    public void Read_WhatIsNoFrame_PassesAsItIs() => Assert.Equal("AMQP\0\0\u0009\u0001"u8, Pass("AMQP\0\0\u0009\u0001"u8.ToArray(), 8, 8));

    [Fact]
    public void Read_FrameWithoutHeaders_IsNotKeptUntilItIsWhole()
    {
        var filter = new FrameFilter();
        WireTable.Frame(3, new byte[100]).AsSpan(0, 50).CopyTo(filter.GetRoom().Span);
        filter.Advance(50);
        Assert.Equal(50, filter.Read(new byte[100]));
        Assert.False(filter.HasBytes);
    }

    private static byte[] Pass(byte[] bytes, int piece, int room)
    {
        var filter = new FrameFilter();
        var passed = new MemoryStream();
        byte[] target = new byte[room];
        for (int at = 0; at < bytes.Length;)
        {
            Memory<byte> free = filter.GetRoom();
            int count = Math.Min(Math.Min(piece, free.Length), bytes.Length - at);
            bytes.AsSpan(at, count).CopyTo(free.Span);
            filter.Advance(count);
            at += count;
            while (filter.HasBytes)
            {
                passed.Write(target.AsSpan(0, filter.Read(target)));
            }
        }

        return passed.ToArray();
    }
}
