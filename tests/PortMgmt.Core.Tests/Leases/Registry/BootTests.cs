using System.Text;
using PortMgmt.Leases.Table;
using Xunit;

namespace PortMgmt.Tests.Leases;

public sealed class BootTests : IDisposable
{
    private readonly RegistryFixture _host = new();

    [Fact]
    public void Acquire_AfterAReboot_StartsEmptyAndRemovesTheEarlierTable()
    {
        _host.Lease("web", 18080);
        string earlier = _host.TableFile;
        _host.Platform.Boot = "boot2";

        Assert.Empty(_host.Registry.GetLeases());
        Assert.True(File.Exists(earlier));
        Assert.Equal(18080, _host.Lease("api", 18080).Port);
        Assert.False(File.Exists(earlier));
    }

    [Fact]
    public void Acquire_AnotherNetworkNamespaceOfThisBoot_LeavesItsTableAlone()
    {
        _host.Lease("web", 18080);
        string other = _host.TableFile;
        _host.Platform.NetworkNamespace = "8";

        Assert.Equal(18080, _host.Lease("api", 18080).Port);
        Assert.True(File.Exists(other));
    }

    [Fact]
    public void Acquire_EarlierTableOfAnotherHost_LeavesItAlone()
    {
        string other = Path.Combine(_host.Directory, "leases-boot0-7.table");
        byte[] header = new byte[TableLayout.HeaderLength];
        TableHeader.Write(header, "boot0-7", _host.Clock.GetUtcNow());
        string line = Encoding.ASCII.GetString(header);
        string host = line.Split(' ')[3];
        byte[] foreign = TableHeaderTests.OfVersion(Encoding.ASCII.GetBytes(line.Replace($" {host} ", $" {new string('x', host.Length)} ", StringComparison.Ordinal)), 1);
        File.WriteAllBytes(other, foreign);

        _host.Lease("api");

        Assert.True(File.Exists(other));
        TableHeader.Check(foreign);
    }

    [Fact]
    public void Acquire_SomethingElseUnderATablesName_IsInNobodysWay()
    {
        File.CreateSymbolicLink(Path.Combine(_host.Directory, "leases-boot0-1.table"), "/etc/hostname");
        File.WriteAllText(Path.Combine(_host.Directory, "leases-boot0-2.table"), "a few words that somebody left here");

        _host.Lease("api");

        Assert.Equal(2, Directory.GetFiles(_host.Directory, "leases-boot0-*.table").Length);
    }

    [Theory]
    [InlineData("boot1", "noboot")]
    [InlineData("noboot", "boot1")]
    public void Acquire_BootThatOneOfTwoIsNotTold_LeavesTheOthersTableAlone(string first, string second)
    {
        _host.Platform.Boot = first;
        _host.Lease("web", 18080);
        string other = _host.TableFile;
        _host.Platform.Boot = second;

        _host.Lease("api", 18080);

        Assert.True(File.Exists(other));
    }

    public void Dispose() => _host.Dispose();
}
