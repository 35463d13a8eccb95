using PortMgmt.Operations;
using PortMgmt.RabbitMq.Messages;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>An operation on its way to the queue of its type.</summary>
internal sealed class SubmittedOperation(PendingOperation operation, BatchLedger ledger, SubmitterJournal journal) : OutgoingMessage
{
    // After a lost connection its result may have come before its confirmation.
    public override bool IsObsolete => operation.HasEnded;

    public override void OnConfirmed()
    {
        ledger.Confirm(operation);

        // Where the result has come already, it says more than a note.
        if (!operation.HasEnded)
        {
            journal.RecordSent(operation.Id);
        }
    }

    public override void OnRefused(string reason, bool isUnroutable)
    {
        if (isUnroutable)
        {
            // The queue was there when the type was looked for, so somebody has deleted it, and a worker may make it again.
            ledger.KeepUnsent(operation);
        }
        else
        {
            ledger.Fail(operation, new OperationException(OperationErrorCode.OperationRejected, $"The broker refused operation '{operation.Id}': {reason}."));
        }
    }
}
