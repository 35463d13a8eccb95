using System.Collections.Concurrent;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Tests.CommandLine;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Broker;

/// <summary>A broker that has no room takes nothing from who publishes, whoever that is, and says why.</summary>
[TestClass(DisableParallelization = true)]
[Collection(BrokerTests.Name)]
public sealed class AlarmTests(BrokerFixture fixture)
{
    private const string Type = "job";

    public static TheoryData<string, string, string> Alarms => new()
    {
        { "memory", "vm_memory_monitor:set_vm_memory_high_watermark(0.0001).", "vm_memory_monitor:set_vm_memory_high_watermark(0.4)." },
        { "disk", "rabbit_disk_monitor:set_disk_free_limit(1000000000000000).", "rabbit_disk_monitor:set_disk_free_limit(50000000)." },
    };

    [Theory]
    [MemberData(nameof(Alarms))]
    public async Task Run_BrokerHasAnAlarm_TheSubmitterSaysSoAndGoesOnAfterwards(string name, string begin, string end)
    {
        ClusterOptions cluster = fixture.Broker.Cluster("alarm-" + name);
        await using LocalNode node = await LocalNode.StartAsync(cluster, Type, 1);
        var notices = new ConcurrentQueue<string>();
        await using IClusterBatch batch = await new RabbitMqTransport().OpenBatchAsync(cluster, new ClusterBatchOptions { OnNotice = notices.Enqueue }, CancellationToken.None);
        Task<ClusterResult> result;
        await fixture.Broker.EvaluateAsync(begin);
        try
        {
            result = batch.RunAsync(new ClusterOperation("1", Type, "1"u8.ToArray()), CancellationToken.None);
            await Eventually.HoldsAsync(() => notices.Any(notice => notice.Contains("takes no messages for now", StringComparison.Ordinal)), "a notice of the alarm");
            Assert.False(result.IsCompleted);
        }
        finally
        {
            await fixture.Broker.EvaluateAsync(end);
        }

        Assert.Equal(OperationStatus.Succeeded, (await result.WaitAsync(TimeSpan.FromMinutes(2))).Status);
        await Eventually.HoldsAsync(() => notices.Contains("The broker takes messages again."), "a notice of its end");
        Assert.Equal(0, batch.Counts.Reconnects);
    }

    [Fact]
    public async Task Submit_BrokerHasAnAlarm_SaysSoOnStandardError()
    {
        await using LocalNode node = await LocalNode.StartAsync(fixture.Broker.Cluster("alarm-cli"), Type, 1);
        await fixture.Broker.EvaluateAsync("vm_memory_monitor:set_vm_memory_high_watermark(0.0001).");
        await using var process = CliProcess.Start(fixture.Broker.Url, "submit", "--type", Type, "--cluster", "alarm-cli");
        try
        {
            process.Feed("1");
            await process.SaysAsync("takes no messages for now");
        }
        finally
        {
            await fixture.Broker.EvaluateAsync("vm_memory_monitor:set_vm_memory_high_watermark(0.4).");
        }

        Assert.Equal(0, await process.EndAsync());
        await process.SaysAsync("takes messages again");
    }
}
