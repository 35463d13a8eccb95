using PortMgmt.Platform.Linux;

namespace PortMgmt.Operations.JobLogs;

/// <summary>The file of a job log, which one batch at a time writes, be it of this process or of another.</summary>
internal sealed class JobLogFile : IDisposable
{
    // ERROR_SHARING_VIOLATION of Windows, and EAGAIN of Linux and of macOS: what .NET reports where an opening does not share.
    private static readonly int[] InUse = [unchecked((int)0x80070020), 11, 35];

    /// <summary>What keeps others out where a lock on the file itself would keep out readers as well; null elsewhere.</summary>
    private readonly FileStream? _claim;

    private JobLogFile(FileStream stream, FileStream? claim)
    {
        Stream = stream;
        _claim = claim;
    }

    /// <summary>The file, open for reading and writing.</summary>
    public FileStream Stream { get; }

    /// <summary>Opens the file for one batch; everybody may read it meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="resume">Whether to keep what it has.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="OperationException">Another batch writes to it.</exception>
    public static JobLogFile Open(string path, bool resume)
    {
        try
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            try
            {
                var file = new JobLogFile(stream, Claim(stream, path));
                if (!resume && stream.CanSeek && stream.Length > 0)
                {
                    stream.SetLength(0);
                }

                return file;
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }
        catch (IOException e) when (InUse.Contains(e.HResult))
        {
            throw Taken(path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stream.Dispose();
        _claim?.Dispose();
    }

    /// <summary>Claims a file by another beside it, which exists as long as the claim does.</summary>
    internal static FileStream ClaimBeside(string path) =>
        new($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);

    private static FileStream? Claim(FileStream stream, string path)
    {
        // Windows keeps a second writer out by how the file was opened; a pipe or a device is nobody's log.
        if (OperatingSystem.IsWindows() || !stream.CanSeek)
        {
            return null;
        }

        if (OperatingSystem.IsLinux())
        {
            return LinuxFileClaim.TryTake(stream.SafeFileHandle) ? null : throw Taken(path);
        }

        return ClaimBeside(stream.Name);
    }

    private static OperationException Taken(string path) => new(
        OperationErrorCode.JobLogUnusable, $"The job log '{path}' cannot be opened: another batch writes to it. Wait for its end, or name another file.");
}
