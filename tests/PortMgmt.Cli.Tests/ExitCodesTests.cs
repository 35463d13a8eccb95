using PortMgmt.Leases;

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
    public void OfRegistryFailureIsTheContracts(PortRegistryErrorCode code, int expected) =>
        Assert.Equal(expected, ExitCodes.Of(new PortRegistryException(code, "")));

    [Fact]
    public void OfRegistryFailureCoversEveryCode() => Assert.Equal(15, Enum.GetValues<PortRegistryErrorCode>().Length);
}
