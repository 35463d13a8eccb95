using System.Net;
using System.Net.Sockets;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Tests.Support;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Connection;

/// <summary>The end of what comes: the client takes it between two frames only, and would spin for good in the middle of one.</summary>
public sealed class BrokerStreamTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly byte[] Method = WireTable.Frame(1, new byte[20]);
    private static readonly byte[] Header = WireTable.Frame(2, WireTable.Payload(WireTable.Entry("good", WireTable.Int64(1))));

    public static TheoryData<int> Cuts => [.. Enumerable.Range(1, Header.Length - 1)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_EndsBetweenFrames_IsAnEnd(bool isSync)
    {
        (byte[] read, Exception? failure) = await ReadAllAsync([.. Method, .. Header], isSync);
        Assert.Equal([.. Method, .. Header], read);
        Assert.Null(failure);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Read_EndsInAFrame_SaysSo(int cut)
    {
        (byte[] read, Exception? failure) = await ReadAllAsync([.. Method, .. Header[..cut]], isSync: cut % 2 == 0);
        Assert.IsType<EndOfStreamException>(failure);
        Assert.Equal(Method, read);
        (read, failure) = await ReadAllAsync([.. Header, .. Method[..Math.Min(cut, Method.Length - 1)]], isSync: cut % 2 == 1, begins: Method);
        Assert.IsType<EndOfStreamException>(failure);
        Assert.Equal(Header, read[..Header.Length]);
    }

    private static async Task<(byte[] Read, Exception? Failure)> ReadAllAsync(byte[] bytes, bool isSync, byte[]? begins = null)
    {
        await using var server = new FakeServer((stream, ending) => stream.WriteAsync((byte[])[.. begins ?? [], .. bytes], ending).AsTask());
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        await using var stream = new BrokerStream(socket, new ConnectAttempt(new ClusterOptions { Broker = BrokerAddress.Parse("amqp://localhost") }, 0), new NetworkStream(socket));
        var read = new MemoryStream();
        byte[] buffer = new byte[64];
        Exception? failure = await Record.ExceptionAsync(() => Task.Run(async () =>
        {
            for (int count; (count = isSync ? stream.Read(buffer) : await stream.ReadAsync(buffer)) > 0;)
            {
                read.Write(buffer, 0, count);
            }
        }).WaitAsync(Deadline));
        return (read.ToArray()[(begins?.Length ?? 0)..], failure);
    }
}
