using System.Text.Json;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.TestNode;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>A worker in the test's own process.</summary>
internal sealed class LocalNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly OperationScheduler<JsonElement, byte[]> _scheduler = new();
    private Task<ClusterWorkerState> _running = null!;

    public static async Task<LocalNode> StartAsync(
        ClusterOptions cluster, string type, int room,
        Func<JsonElement, CancellationToken, ValueTask<byte[]>>? run = null,
        Func<ClusterWorkerOptions<JsonElement, byte[]>, ClusterWorkerOptions<JsonElement, byte[]>>? change = null)
    {
        var node = new LocalNode();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ClusterWorkerOptions<JsonElement, byte[]> options = TestExecutor.Options(node._scheduler, type, room, run ?? TestExecutor.RunAsync);
        options = (change?.Invoke(options) ?? options) with { OnStarted = started.SetResult };
        node._running = ClusterWorker.RunAsync(new RabbitMqTransport(), cluster, options, node._stop.Token);
        await await Task.WhenAny(started.Task, node._running);
        return node;
    }

    public async Task<ClusterWorkerState> StopAsync()
    {
        await _stop.CancelAsync();
        return await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _scheduler.DisposeAsync();
        _stop.Dispose();
    }
}
