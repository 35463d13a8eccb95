using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Cluster.Worker;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Cluster;

public sealed class ClusterResultMakerTests
{
    private static readonly Delivery OfBatch = new() { BatchId = "b", OperationId = "7", Type = "render", Input = default, Key = "b/7" };

    [Fact]
    public void Make_Succeeded_HasTheOutputAndWhoseItIs()
    {
        ClusterResult made = Make(_ => NewResult("[1]"u8.ToArray()), OperationStatus.Succeeded);

        Assert.Equal(("7", "node", OperationStatus.Succeeded, 3, null), (made.OperationId, made.NodeId, made.Status, made.Output.Length, made.Error));
    }

    [Fact]
    public void Make_FailedWithALongError_CutsItAndKeepsTheCode()
    {
        ClusterResult made = Make(_ => NewResult([]), OperationStatus.Failed, new OperationException(OperationErrorCode.OperationTimedOut, new string('x', 9000)));

        Assert.Equal((ClusterLimits.MaxErrorLength, OperationErrorCode.OperationTimedOut), (made.Error!.Length, made.ErrorCode));
    }

    [Fact]
    public void Make_OutputCannotBeEncoded_FailsWithTheReason()
    {
        ClusterResult made = Make(_ => throw new InvalidOperationException("a loop in it"), OperationStatus.Succeeded);

        Assert.Equal((OperationStatus.Failed, OperationErrorCode.OutputTooLarge), (made.Status, made.ErrorCode));
        Assert.Equal("The output cannot be sent: a loop in it", made.Error);
    }

    [Fact]
    public void Make_OutputBeyondTheLimit_FailsWithBothSizes()
    {
        ClusterResult made = Make(_ => NewResult(new byte[ClusterLimits.MaxInputBytes + 1]), OperationStatus.Succeeded);

        Assert.Equal(OperationErrorCode.OutputTooLarge, made.ErrorCode);
        Assert.Contains("1048577 bytes, and 1048576 are the most", made.Error, StringComparison.Ordinal);
    }

    private static ClusterResult Make(Func<OperationResult<int, int>, ClusterResult> encode, OperationStatus status, Exception? error = null) =>
        new ClusterResultMaker<int, int>("node", encode).Make(OfBatch, new OperationResult<int, int>(new Operation<int>(1), status, 1, error, false));

    private static ClusterResult NewResult(byte[] output) =>
        new() { OperationId = "", NodeId = "", Status = OperationStatus.Succeeded, Output = output };

    private sealed class Delivery : ClusterDelivery;
}
