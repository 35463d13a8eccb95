using System.Text.Json;
using PortMgmt.Operations;

namespace PortMgmt.TestNode;

/// <summary>Runs a delegate on the thread pool.</summary>
internal sealed class TestWorker(Func<JsonElement, CancellationToken, ValueTask<byte[]>> run) : IOperationWorker<JsonElement, byte[]>
{
    public void Wake(OperationLane<JsonElement, byte[]> lane) => Task.Run(() => PullAsync(lane));

    public void Dispose()
    {
        // There is nothing to close.
    }

    private async Task PullAsync(OperationLane<JsonElement, byte[]> lane)
    {
        while (lane.TryNext(out Operation<JsonElement>? operation))
        {
            try
            {
                lane.Succeed(await run(operation.Input, lane.Token));
            }
            catch (Exception e)
            {
                lane.Fail(e);
            }
        }
    }
}
