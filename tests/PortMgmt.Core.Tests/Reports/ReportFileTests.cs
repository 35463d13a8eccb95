using PortMgmt.Reports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Reports;

public sealed class ReportFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Write_NewFile_IsWholeAndAlone()
    {
        ReportFile.Write(Named("a.html"), "µ", overwrite: false);

        Assert.Equal("µ", File.ReadAllText(Named("a.html")));
        Assert.Single(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Write_ExistingFile_OnlyWhenAllowed()
    {
        File.WriteAllText(Named("a.html"), "old");

        Assert.Throws<IOException>(() => ReportFile.Write(Named("a.html"), "new", overwrite: false));
        Assert.Equal("old", File.ReadAllText(Named("a.html")));
        ReportFile.Write(Named("a.html"), "new", overwrite: true);
        Assert.Equal("new", File.ReadAllText(Named("a.html")));
        Assert.Single(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Write_NoSuchDirectory_FailsAndLeavesNothing() =>
        Assert.ThrowsAny<IOException>(() => ReportFile.Write(_directory["no/a.html"], "new", overwrite: true));

    [Fact]
    public void Write_ToADirectory_FailsAndLeavesNothing()
    {
        Directory.CreateDirectory(Named("a.html"));

        Assert.ThrowsAny<Exception>(() => ReportFile.Write(Named("a.html"), "new", overwrite: true));
        Assert.Equal([Named("a.html")], Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Write_ThroughALink_ChangesItsTarget()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.WriteAllText(Named("target.html"), "old");
        File.CreateSymbolicLink(Named("link.html"), Named("target.html"));

        ReportFile.Write(Named("link.html"), "new", overwrite: true);

        Assert.Equal("new", File.ReadAllText(Named("target.html")));
        Assert.NotNull(new FileInfo(Named("link.html")).LinkTarget);
    }

    private string Named(string name) => _directory[name];
}
