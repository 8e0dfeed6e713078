import { join } from 'node:path';
import type { Kafka } from 'kafkajs';
import type { Settings } from '../host/settings.ts';
import { AwsDestination, type AwsService } from './aws-destination.ts';
import type { FailedBatch } from '../delivery/failed-batch.ts';
import type { FailureDestination } from './failure-destination.ts';
import { failureObject, failureRecord, type FailureOrigin } from './failure-record.ts';
import { FileDestination } from './file-destination.ts';
import { KafkaDestination } from './kafka-destination.ts';

/** Where records for SQS, SNS and S3 go without an endpoint, relative to the service's folder. */
const filesFolder = join('.local', 'failure-destinations');

/** Creates a mapping's failure destination: a topic of the cluster, an AWS service by its ARN, or files. */
export function createDestination(
  destination: string,
  context: { kafka: Kafka; settings: Settings; serviceDir: string; origin: FailureOrigin },
): FailureDestination {
  const { kafka, settings, serviceDir, origin } = context;
  if (destination.startsWith('kafka://')) {
    return new KafkaDestination(kafka, destination.slice('kafka://'.length), origin);
  }
  const service = destination.split(':')[2];
  const content = (batch: FailedBatch) =>
    service === 's3' ? failureObject(origin, batch) : failureRecord(origin, batch);
  const { awsEndpoint } = settings;
  if (isAwsService(service) && awsEndpoint !== undefined) {
    return new AwsDestination({ service, arn: destination, endpoint: awsEndpoint, serviceDir }, content);
  }
  return new FileDestination(join(serviceDir, filesFolder, folderName(destination)), content);
}

function isAwsService(service: string | undefined): service is AwsService {
  return service === 'sqs' || service === 'sns' || service === 's3';
}

/** The name of the queue, topic or bucket. */
function folderName(destination: string): string {
  const name = destination.split(':').at(-1) ?? destination;
  return name.replaceAll(/[^a-zA-Z0-9._-]+/g, '-');
}
