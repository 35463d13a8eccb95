using System.Management.Automation;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Errors;
using Xunit;

namespace PortMgmt.Tests.Errors;

public sealed class PortErrorsTests
{
    public static TheoryData<PortRegistryErrorCode> Codes => [.. Enum.GetValues<PortRegistryErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void ToErrorRecord_EveryCode_IsItsIdAndHasACategory(PortRegistryErrorCode code)
    {
        var record = PortErrors.ToErrorRecord(new PortRegistryException(code, "message") { Port = 80 }, null);

        Assert.Equal((code.ToString(), 80), (record.FullyQualifiedErrorId, record.TargetObject));
        Assert.NotEqual(ErrorCategory.NotSpecified, record.CategoryInfo.Category);
    }

    [Theory]
    [InlineData(PortRegistryErrorCode.RegistryLocked, true)]
    [InlineData(PortRegistryErrorCode.RegistryCorrupt, true)]
    [InlineData(PortRegistryErrorCode.RegistryAccessDenied, true)]
    [InlineData(PortRegistryErrorCode.RegistryDiskFull, true)]
    [InlineData(PortRegistryErrorCode.ListenersUnavailable, true)]
    [InlineData(PortRegistryErrorCode.PortUnavailable, false)]
    [InlineData(PortRegistryErrorCode.LeaseNotFound, false)]
    [InlineData(PortRegistryErrorCode.LeaseNotOwned, false)]
    [InlineData(PortRegistryErrorCode.InvalidRequest, false)]
    public void EndsPipeline_Code_IsTrueWhereEveryFurtherItemWouldFailAlike(PortRegistryErrorCode code, bool expected) =>
        Assert.Equal(expected, PortErrors.EndsPipeline(code));

    [Theory]
    [InlineData("web", null, null, "name 'web' ")]
    [InlineData(null, 80, null, "port 80 ")]
    [InlineData("web", 80, PortProtocol.Udp, "UDP port 80 name 'web' ")]
    public void NoLease_WhatTheCallerSaid_IsNamed(string? name, int? port, PortProtocol? protocol, string expected)
    {
        PortRegistryException failure = PortErrors.NoLease(name, port, protocol);

        Assert.Equal((PortRegistryErrorCode.LeaseNotFound, port), (failure.Code, failure.Port));
        Assert.StartsWith($"There is no lease with {expected}in the registry.", failure.Message, StringComparison.Ordinal);
    }
}
