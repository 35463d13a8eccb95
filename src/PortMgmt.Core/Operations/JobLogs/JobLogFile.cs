using PortMgmt.Platform;

namespace PortMgmt.Operations.JobLogs;

/// <summary>The file of a job log, and whether it is still the one that its path leads to. Not thread-safe.</summary>
internal sealed class JobLogFile : IDisposable
{
    /// <summary>What keeps other writers out, where the open file itself does not.</summary>
    private readonly FileStream? _claim;

    /// <summary>What is at the path can be compared with the file, and was it, when it was last looked at.</summary>
    private bool _isWatched;

    /// <summary>It was seen with something in it, which a device never has.</summary>
    private bool _hasLength;

    private JobLogFile(FileStream stream, FileStream? claim)
    {
        Stream = stream;
        _claim = claim;
        _isWatched = stream.CanSeek && HostPlatform.Current.IsAt(stream.SafeFileHandle, stream.Name);
    }

    /// <summary>The file, open for reading and writing; <see cref="Check"/> may put another in its place.</summary>
    public FileStream Stream { get; private set; }

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
                var file = new JobLogFile(stream, JobLogClaim.Take(stream, path));
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
        catch (IOException e) when (JobLogClaim.IsTaken(e))
        {
            throw JobLogClaim.Refusal(path);
        }
    }

    /// <summary>
    /// Looks whether the file is still what its path leads to, which Windows sees to by itself. One that is gone is written anew from what
    /// is open; another one in its place is somebody's and left alone.
    /// </summary>
    /// <returns>What happened since it was last looked at; null for nothing.</returns>
    public string? Check()
    {
        if (!_isWatched)
        {
            return null;
        }

        if (!HostPlatform.Current.IsAt(Stream.SafeFileHandle, Stream.Name))
        {
            return Restore();
        }

        _hasLength |= Stream.Length > 0;
        _isWatched = !_hasLength || Stream.Length >= Stream.Position;
        return _isWatched
            ? null
            : $"The job log '{Stream.Name}' was emptied or cut while the batch ran: what it had until then is lost, and a resume runs that again.";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isWatched = false;
        Stream.Dispose();
        _claim?.Dispose();
    }

    private string Restore()
    {
        string path = Stream.Name;
        try
        {
            WriteAnew();
            return $"The job log '{path}' was deleted or moved while the batch ran: it was written anew, with all that it had.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationException)
        {
            _isWatched = false;
            string found = Path.Exists(path)
                ? "was replaced by another file while the batch ran, which is left alone"
                : $"was deleted or moved while the batch ran, and cannot be written anew: {e.Message.TrimEnd('.')}";
            return $"The job log '{path}' {found}. Results go on into the file that was there before, whatever its name is now, and a resume from this path does not find them.";
        }
    }

    private void WriteAnew()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.GetUnixFileMode(Stream.SafeFileHandle);
        }

        // Where the path is a link, that may still be there.
        FileStream old = Stream;
        var named = new FileInfo(old.Name);
        var anew = new FileStream(named.LinkTarget is null ? old.Name : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName, options);
        try
        {
            JobLogClaim.Renew(anew);
            old.Position = 0;
            old.CopyTo(anew);
        }
        catch
        {
            old.Position = old.Length;
            anew.Dispose();
            throw;
        }

        old.Dispose();
        Stream = anew;
    }
}
