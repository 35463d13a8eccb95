using PortMgmt.Platform.Linux;
using Xunit;

namespace PortMgmt.Core.Tests.Platform;

public sealed class LinuxUsersTests
{
    [Theory]
    [InlineData("         0          0 4294967295\n", 65534, true)]
    [InlineData("         0       1000          1\n", 65534, false)]
    [InlineData("         0       1000          1\n", 0, true)]
    [InlineData("0 1000 1\n1 100000 65536\n", 65534, true)]
    [InlineData("", 0, false)]
    [InlineData("x y z\n", 0, false)]
    public void Maps_TableOfANamespace_TellsWhoHasAUserOfHisOwn(string mapping, uint userId, bool expected) =>
        Assert.Equal(expected, LinuxUsers.Maps(mapping, userId));
}
