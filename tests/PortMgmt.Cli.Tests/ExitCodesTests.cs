using PortMgmt.Operations;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Tests;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData(PortRegistryErrorCode.InvalidRequest, 2)]
    [InlineData(PortRegistryErrorCode.PortUnavailable, 3)]
    [InlineData(PortRegistryErrorCode.PortRangeExhausted, 3)]
    [InlineData(PortRegistryErrorCode.LeaseNotFound, 3)]
    [InlineData(PortRegistryErrorCode.LeaseNotOwned, 5)]
    [InlineData(PortRegistryErrorCode.LeaseConflict, 5)]
    [InlineData(PortRegistryErrorCode.RegistryLocked, 4)]
    [InlineData(PortRegistryErrorCode.RegistryCorrupt, 4)]
    [InlineData(PortRegistryErrorCode.RegistryAccessDenied, 4)]
    [InlineData(PortRegistryErrorCode.RegistryDiskFull, 4)]
    [InlineData(PortRegistryErrorCode.RegistryUnavailable, 4)]
    [InlineData(PortRegistryErrorCode.ListenersUnavailable, 4)]
    [InlineData(PortRegistryErrorCode.OwnerNotFound, 2)]
    [InlineData(PortRegistryErrorCode.WaitTimedOut, 1)]
    [InlineData(PortRegistryErrorCode.ListenerNotFound, 3)]
    [InlineData(PortRegistryErrorCode.ProjectFileNotFound, 2)]
    [InlineData(PortRegistryErrorCode.ProjectFileInvalid, 2)]
    public void Of_RegistryFailure_IsTheContracts(PortRegistryErrorCode code, int expected) =>
        Assert.Equal(expected, ExitCodes.From(new PortRegistryException(code, "")));

    [Fact]
    public void Of_AnyRegistryFailure_CoversEveryCode() => Assert.Equal(17, Enum.GetValues<PortRegistryErrorCode>().Length);

    [Theory]
    [InlineData(OperationErrorCode.InvalidOption, 2)]
    [InlineData(OperationErrorCode.MetadataTooLarge, 2)]
    [InlineData(OperationErrorCode.OperationReused, 2)]
    [InlineData(OperationErrorCode.OperationFailed, 1)]
    [InlineData(OperationErrorCode.OperationTimedOut, 1)]
    [InlineData(OperationErrorCode.OperationCancelled, 130)]
    [InlineData(OperationErrorCode.OperationRejected, 1)]
    [InlineData(OperationErrorCode.WorkerLost, 1)]
    [InlineData(OperationErrorCode.WorkerUnavailable, 1)]
    [InlineData(OperationErrorCode.BatchClosed, 2)]
    [InlineData(OperationErrorCode.SchedulerStopped, 2)]
    [InlineData(OperationErrorCode.InvalidScriptBlockValue, 2)]
    [InlineData(OperationErrorCode.NameNotFound, 2)]
    [InlineData(OperationErrorCode.IdNotFound, 2)]
    [InlineData(OperationErrorCode.JobLogUnusable, 2)]
    [InlineData(OperationErrorCode.JobLogNotWritten, 1)]
    [InlineData(OperationErrorCode.ResultNotCacheable, 1)]
    [InlineData(OperationErrorCode.DaemonNotFound, 2)]
    [InlineData(OperationErrorCode.DaemonExists, 2)]
    [InlineData(OperationErrorCode.BrokerUnreachable, 6)]
    [InlineData(OperationErrorCode.BrokerAccessDenied, 6)]
    [InlineData(OperationErrorCode.BrokerConflict, 6)]
    [InlineData(OperationErrorCode.TypeNotFound, 6)]
    [InlineData(OperationErrorCode.BatchInUse, 5)]
    [InlineData(OperationErrorCode.InputTooLarge, 1)]
    [InlineData(OperationErrorCode.OutputTooLarge, 1)]
    [InlineData(OperationErrorCode.MessageInvalid, 1)]
    [InlineData(OperationErrorCode.DeliveryLimitReached, 1)]
    [InlineData(OperationErrorCode.TransportUnavailable, 6)]
    [InlineData(OperationErrorCode.NodeNotFound, 6)]
    [InlineData(OperationErrorCode.NoCluster, 2)]
    [InlineData(OperationErrorCode.InputNotIdentifiable, 2)]
    public void Of_OperationFailure_IsTheContracts(OperationErrorCode code, int expected) =>
        Assert.Equal(expected, ExitCodes.From(new OperationException(code, "")));

    [Fact]
    public void Of_AnyOperationFailure_CoversEveryCode() => Assert.Equal(32, Enum.GetValues<OperationErrorCode>().Length);
}
