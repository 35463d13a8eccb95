using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

/// <summary>A broker that is only slow when a node comes for the first time, and what is no broker at all.</summary>
[Collection(BrokerTests.Name)]
public sealed class StartTests(BrokerFixture fixture)
{
    private const string Type = "event";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly int[] Numbers = [2, 3, 5];

    /// <summary>Nobody at all, so that no other test is run beside it.</summary>
    [Fact(DisableParallelization = true)]
    public async Task Start_BrokerAnswersNobodyForAWhile_OneNumberWinsAndTheOthersHearWhy()
    {
        ClusterOptions cluster = fixture.Broker.Cluster("start-slow") with { ConnectTimeout = TimeSpan.FromSeconds(2), StartFor = Deadline };
        var waiting = new ConcurrentDictionary<int, string>();
        Task<LocalNode>[] all;
        await fixture.Broker.SignalAsync("STOP");
        try
        {
            all = Array.ConvertAll(Numbers, number => StartAsync(cluster, number, notice => waiting.TryAdd(number, notice)));
            await Eventually.HoldsAsync(() => waiting.Count == Numbers.Length, "all three to say that the broker does not answer");
        }
        finally
        {
            await fixture.Broker.SignalAsync("CONT");
        }

        Assert.All(waiting.Values, notice => Assert.Contains("did not answer in time", notice, StringComparison.Ordinal));
        Exception?[] ends = await Task.WhenAll(all.Select(node => Record.ExceptionAsync(() => node).AsTask())).WaitAsync(Deadline);
        int winner = Assert.Single(Enumerable.Range(0, Numbers.Length), i => ends[i] is null);
        Assert.All(ends.OfType<Exception>(), e => Assert.Contains($"give {Numbers[winner]}, or none", Assert.IsType<OperationException>(e).Message, StringComparison.Ordinal));
        await using LocalNode node = await all[winner];
        Assert.Equal(Numbers[winner], Assert.Single(await new RabbitMqTransport().GetQueuesAsync(cluster, [Type], CancellationToken.None)).Partitions);
    }

    /// <summary>What the first attempt had made belongs to the second.</summary>
    [Theory]
    [InlineData("/lock")]
    [InlineData("/3")]
    [InlineData(".1")]
    public async Task Start_ConnectionIsLostWhileTheTypeIsMade_IsMadeOnTheNext(string name)
    {
        ClusterOptions cluster = fixture.Broker.Cluster("start-cut" + name[1..]);
        byte[] words = Encoding.ASCII.GetBytes(new TopologyNames(cluster.ClusterId).Work(Type) + name);
        await using var proxy = FakeServer.CutOnce(fixture.Broker.Port, words);
        var notices = new ConcurrentQueue<string>();
        await using LocalNode node = await StartAsync(cluster with { Broker = BrokerAddress.Parse($"amqp://127.0.0.1:{proxy.Port}"), StartFor = Deadline }, 3, notices.Enqueue).WaitAsync(Deadline);
        ClusterQueue queue = Assert.Single(await new RabbitMqTransport().GetQueuesAsync(cluster, [Type], CancellationToken.None));
        Assert.Equal((3, false), (queue.Partitions, queue.IsMissing));
        Assert.InRange(proxy.Connections, 2, int.MaxValue);
        Assert.Contains("It is tried again", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhatListensNeverAnswers_IsTriedAgainAndThenAnError()
    {
        await using var silent = FakeServer.Silent();
        var notices = new ConcurrentQueue<string>();
        ClusterOptions cluster = At(silent) with
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(100),
            StartFor = TimeSpan.FromSeconds(5),
            TimeProvider = new SteppingClock(),
            OnNotice = notices.Enqueue,
        };
        OperationException failure = await Assert.ThrowsAsync<OperationException>(() => new RabbitMqTransport().VerifyAsync(cluster, CancellationToken.None).WaitAsync(Deadline));
        Assert.Equal(OperationErrorCode.BrokerUnreachable, failure.Code);
        Assert.Contains("did not answer in time", failure.Message, StringComparison.Ordinal);
        Assert.Single(notices);
        Assert.InRange(silent.Connections, 2, int.MaxValue);
    }

    [Fact]
    public async Task Start_IsToldToStopBeforeTheBrokerAnswers_EndsAsAWorkerDoes()
    {
        await using var silent = FakeServer.Silent();
        await using var scheduler = new OperationScheduler<System.Text.Json.JsonElement, byte[]>();
        using var stop = new CancellationTokenSource();
        Task<ClusterWorkerState> running = ClusterWorker.RunAsync(
            new RabbitMqTransport(), At(silent), TestNode.TestExecutor.Options(scheduler, Type, 1, TestNode.TestExecutor.RunAsync), stop.Token);
        await Eventually.HoldsAsync(() => silent.Connections == 1, "the worker to come");
        await stop.CancelAsync();
        Assert.Equal(0, (await running.WaitAsync(Deadline)).Processed);
    }

    /// <summary>They would be tried for an hour if it was not clear that it is of no use.</summary>
    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "no broker")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n", "no broker")]
    [InlineData("\u0015\u0003\u0003\0\u0002\u0002F", "amqps://")]
    [InlineData("AMQP\0\u0001\0\0", "no broker")]
    [InlineData("", "without a word")]
    public async Task Start_WhatListensIsNoBroker_IsToldAtOnce(string words, string reason)
    {
        await using var server = new FakeServer(async (stream, ending) =>
        {
            // Not before the client's own words were read: what is left unread ends a connection otherwise.
            await stream.ReadExactlyAsync(new byte[8], ending);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(words), ending);
            stream.Socket.Shutdown(SocketShutdown.Send);
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, ending);
        });
        // On its clock nothing takes long, whatever else the machine does.
        ClusterOptions cluster = At(server) with { ConnectTimeout = TimeSpan.FromMinutes(5), StartFor = TimeSpan.FromHours(1), TimeProvider = new FakeTimeProvider() };
        OperationException failure = await Assert.ThrowsAsync<OperationException>(() => new RabbitMqTransport().VerifyAsync(cluster, CancellationToken.None).WaitAsync(Deadline));
        Assert.Equal(OperationErrorCode.BrokerUnreachable, failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    /// <summary>Of several addresses one that is slow hinders nobody: the next is tried at once.</summary>
    [Fact]
    public async Task Start_FirstAddressNeverAnswers_TheNextIsUsed()
    {
        await using var silent = FakeServer.Silent();
        ClusterOptions cluster = fixture.Broker.Cluster("start-second");
        await using LocalNode node = await StartAsync(
            cluster with { Broker = At(silent).Broker, OtherBrokers = [cluster.Broker], ConnectTimeout = TimeSpan.FromSeconds(2), StartFor = Deadline }, 2, _ => { }).WaitAsync(Deadline);
        Assert.Equal(2, Assert.Single(await new RabbitMqTransport().GetQueuesAsync(cluster, [Type], CancellationToken.None)).Partitions);
    }

    private static ClusterOptions At(FakeServer server) => new() { Broker = BrokerAddress.Parse($"amqp://127.0.0.1:{server.Port}"), NodeId = "test" };

    private static Task<LocalNode> StartAsync(ClusterOptions cluster, int? partitions, Action<string> onNotice) =>
        LocalNode.StartAsync(cluster, Type, 1, change: options => options with { Partitions = partitions, OnNotice = onNotice });

    /// <summary>A second later each time that somebody looks, however long that took; timers run as ever.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _seconds);
    }
}
