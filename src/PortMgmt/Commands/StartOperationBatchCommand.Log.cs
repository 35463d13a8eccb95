using System.Globalization;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Batches;

namespace PortMgmt.PowerShell.Commands;

/// <content>The job log.</content>
public sealed partial class StartOperationBatchCommand
{
    private bool _isObstacleTold;

    /// <summary>
    /// Opens the log. To resume without ids, all inputs are looked at before the first operation starts, since one that is not recognised
    /// refuses the batch: they are held until then.
    /// </summary>
    private BatchLog OpenLog(string path)
    {
        _held = Resume.IsPresent && Id is null ? [] : null;
        return new BatchLog(Operations.JobLogs.JobLog.Open(FileOf(path, nameof(JobLog)), Resume.IsPresent), Resume.IsPresent);
    }

    private bool IsExpected(Operation<PSObject?> operation)
    {
        if (_log is null)
        {
            return true;
        }

        bool isExpected = _log.Expects(operation);
        if (_log.Obstacle is { } obstacle && !_isObstacleTold)
        {
            _isObstacleTold = true;
            WriteWarning($"The input '{InputText.Of(operation.Input)}' is or holds {obstacle}, by which no later process knows it again. The job log notes how it ends, but cannot be resumed: give -Id if it is to be.");
        }

        return isExpected;
    }

    private void ReportSkipped()
    {
        if (_log is null || !Resume.IsPresent)
        {
            return;
        }

        if (_log.IsOfOthers)
        {
            WriteWarning($"The job log '{_log.Path}' has operations as succeeded, and none of them came in: it is of other inputs, or of another -Id.");
        }

        if (_log.Skipped > 0)
        {
            string said = string.Create(CultureInfo.CurrentCulture, $"{_log.Skipped:N0} operations were left out: the job log has them as succeeded.");
            WriteInformation(new HostInformationMessage { Message = said }, ["PSHOST"]);
        }
    }
}
