using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>A log that somebody takes away, replaces or empties while a batch writes it.</summary>
public sealed class JobLogFileTests : IDisposable
{
    private const string OpenFilesKeepTheirNames = "Nobody can take the name of an open file away here.";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _directory = new();

    private string Path => System.IO.Path.Combine(_directory.Path, "a log");

    [Fact]
    public void Check_NothingHappened_IsSilent()
    {
        using var log = JobLog.Open(Path, resume: false);
        Write(log, "a");
        Write(log, "b");

        log.Check();

        Assert.Null(log.Notice);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_DeletedOrMoved_IsWrittenAnewWithAllThatItHadAndSaysSo(bool isMoved)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OpenFilesKeepTheirNames);
        File.WriteAllText(Path, "");
        SetMode(Path, Private);
        using var log = JobLog.Open(Path, resume: false);
        Write(log, "a");

        if (isMoved)
        {
            File.Move(Path, Path + ".1");
        }
        else
        {
            File.Delete(Path);
        }

        Write(log, "b");
        log.Check();
        Write(log, "c");

        Assert.Contains($"'{Path}' was deleted or moved", log.Notice, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c"], ReadIds());
        Assert.Throws<OperationException>(() => JobLog.Open(Path, resume: true));
        Assert.Equal(Private, GetMode(Path));
    }

    [Fact]
    public void Flush_NowAndThen_LooksWhetherTheFileIsThere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OpenFilesKeepTheirNames);
        var time = new FakeTimeProvider();
        using var log = JobLog.Open(Path, resume: false, time: time);
        Write(log, "a");
        File.Delete(Path);

        Write(log, "b");
        Assert.False(File.Exists(Path));
        time.Advance(TimeSpan.FromSeconds(1));
        Write(log, "c");

        Assert.Equal(["a", "b", "c"], ReadIds());
    }

    [Fact]
    public void Dispose_DeletedAgainAndAgain_LeavesTheWholeLog()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OpenFilesKeepTheirNames);
        using (var log = JobLog.Open(Path, resume: false))
        {
            Write(log, "a");
            File.Delete(Path);
            log.Check();
            Write(log, "b");
            File.Delete(Path);
        }

        Assert.Equal(["a", "b"], ReadIds());
    }

    [Fact]
    public void Check_WhatALinkLeadsToIsDeleted_IsThereAgain()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OpenFilesKeepTheirNames);
        string link = Path + ".link";
        File.CreateSymbolicLink(link, Path);
        using var log = JobLog.Open(link, resume: false);
        Write(log, "a");
        Assert.Null(log.Notice);

        File.Delete(Path);
        log.Check();

        Assert.Equal(["a"], ReadIds());
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void Check_Replaced_LeavesTheOtherFileAloneAndSaysSo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OpenFilesKeepTheirNames);
        using var log = JobLog.Open(Path, resume: false);
        Write(log, "a");
        File.WriteAllText(Path + ".new", "another");
        File.Move(Path + ".new", Path, overwrite: true);

        log.Check();
        Write(log, "b");

        Assert.Contains("was replaced by another file", log.Notice, StringComparison.Ordinal);
        Assert.Equal("another", File.ReadAllText(Path));
    }

    [Fact]
    public void Check_DirectoryIsGone_SaysWhyItCannotBeWrittenAnew()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OpenFilesKeepTheirNames);
        string directory = System.IO.Path.Combine(_directory.Path, "sub");
        Directory.CreateDirectory(directory);
        using var log = JobLog.Open(System.IO.Path.Combine(directory, "log"), resume: false);
        Write(log, "a");
        Directory.Delete(directory, recursive: true);

        log.Check();
        Write(log, "b");

        Assert.Contains("cannot be written anew", log.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Emptied_SaysSoAndGoesOnWithoutAHole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OpenFilesKeepTheirNames);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a write goes to its position.");
        using var log = JobLog.Open(Path, resume: false);
        Write(log, "a");
        Write(log, "b");
        File.WriteAllText(Path, "");

        Write(log, "c");
        log.Check();

        Assert.Contains("was emptied or cut", log.Notice, StringComparison.Ordinal);
        Assert.Equal(["c"], ReadIds());
    }

    [Fact]
    public void Check_Device_IsSilent()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "Needs a device that takes all.");
        using var log = JobLog.Open("/dev/null", resume: false);
        Write(log, "a");

        log.Check();

        Assert.Null(log.Notice);
    }

    public void Dispose() => _directory.Dispose();

    private static void Write(JobLog log, string id)
    {
        log.Add(new JobLogEntry { Key = JobLogKeys.OfId(id), Id = id, Status = OperationStatus.Succeeded });
        log.Flush();
    }

    private static UnixFileMode? GetMode(string path) => OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private string[] ReadIds() => [.. File.ReadLines(Path).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)];
}
