namespace PortMgmt.Tests.Processes;

/// <summary>A directory of a test's own, deleted with all that is in it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portmgmt-test-");

    public string Path => _directory.FullName;

    /// <summary>The path of something in the directory, which need not be there.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Lets every user find what is in the directory.</summary>
    public TemporaryDirectory OpenToAll()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        return this;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
