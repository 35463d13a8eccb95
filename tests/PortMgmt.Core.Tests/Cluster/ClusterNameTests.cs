using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Cluster;

public sealed class ClusterNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("event.0_x:y-Z")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void IsValid_Name_IsOne(string name)
    {
        Assert.True(ClusterName.IsValid(name));
        ClusterName.Require("Type", name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    [InlineData("a\n")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void IsValid_AnythingElse_IsNone(string? name)
    {
        Assert.False(ClusterName.IsValid(name));
        Assert.Equal(OperationErrorCode.InvalidOption, Assert.Throws<OperationException>(() => ClusterName.Require("Type", name)).Code);
    }

    [Fact]
    public void MakeId_SameInputAndPlace_IsTheSameId()
    {
        Assert.Equal(RemoteOperations.MakeId(7, "x"u8), RemoteOperations.MakeId(7, "x"u8));
        Assert.NotEqual(RemoteOperations.MakeId(7, "x"u8), RemoteOperations.MakeId(8, "x"u8));
        Assert.NotEqual(RemoteOperations.MakeId(7, "x"u8), RemoteOperations.MakeId(7, "y"u8));
        Assert.StartsWith("#7.", RemoteOperations.MakeId(7, "x"u8), StringComparison.Ordinal);
    }
}
