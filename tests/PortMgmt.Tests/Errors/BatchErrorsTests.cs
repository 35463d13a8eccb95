using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Errors;
using Xunit;

namespace PortMgmt.Tests.Errors;

public sealed class BatchErrorsTests
{
    public static TheoryData<OperationErrorCode> Codes => [.. Enum.GetValues<OperationErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void ToErrorRecord_EveryCode_IsItsIdAndHasACategory(OperationErrorCode code)
    {
        var failure = new OperationException(code, "message");

        var record = BatchErrors.ToErrorRecord(failure, "target");

        Assert.Equal((code.ToString(), "target"), (record.FullyQualifiedErrorId, record.TargetObject));
        Assert.NotEqual(ErrorCategory.NotSpecified, record.CategoryInfo.Category);
        Assert.Same(failure, record.Exception);
    }

    [Fact]
    public void ToErrorRecord_AnyException_IsAFailedOperation()
    {
        var record = BatchErrors.ToErrorRecord(new InvalidOperationException("message"));

        Assert.Equal(("OperationFailed", ErrorCategory.NotSpecified), (record.FullyQualifiedErrorId, record.CategoryInfo.Category));
    }

    [Fact]
    public void ToErrorRecord_ErrorOfTheLeaseHalf_KeepsItsIdAndPort()
    {
        var record = BatchErrors.ToErrorRecord(new PortRegistryException(PortRegistryErrorCode.PortUnavailable, "message") { Port = 80 });

        Assert.Equal(("PortUnavailable", 80), (record.FullyQualifiedErrorId, record.TargetObject));
    }

    [Fact]
    public void ToErrorRecord_ErrorOfTheEngine_KeepsItsIdAndCategory()
    {
        var failure = new ItemNotFoundException("message");

        var record = BatchErrors.ToErrorRecord(failure);

        Assert.Equal((failure.ErrorRecord.FullyQualifiedErrorId, failure.ErrorRecord.CategoryInfo.Category), (record.FullyQualifiedErrorId, record.CategoryInfo.Category));
    }

    [Fact]
    public void ToErrorRecord_ErrorThatHasATarget_KeepsIt()
    {
        var failure = new RuntimeException("message", null, new ErrorRecord(new InvalidOperationException(), "id", ErrorCategory.NotSpecified, "given"));

        Assert.Equal("given", BatchErrors.ToErrorRecord(failure, "input").TargetObject);
    }

    [Fact]
    public void ToErrorRecord_ErrorOfTheBatch_HasTheInput() =>
        Assert.Equal("input", BatchErrors.ToErrorRecord(BatchErrors.Exited(3), "input").TargetObject);

    [Theory]
    [InlineData(3, "exit 3")]
    [InlineData("no", "exit no")]
    public void Exited_Argument_IsNamed(object argument, string expected) =>
        Assert.Contains($"'{expected}'", BatchErrors.Exited(argument).Message, StringComparison.Ordinal);
}
